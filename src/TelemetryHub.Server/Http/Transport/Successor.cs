using TelemetryHub.Broker.Links;

namespace TelemetryHub.Server.Http.Transport;

/// <summary>Who gets a connection that is taken from the web server, and what is to be sent before.</summary>
internal sealed record Successor(byte[] Head, ILinkHandler Handler);
