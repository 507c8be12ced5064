using System.Net;

namespace TelemetryHub.Server.Http.Transport;

/// <summary>An address that our own reactors serve, and not Kestrel's sockets.</summary>
internal sealed class ReactorEndPoint(IPEndPoint address) : IPEndPoint(address.Address, address.Port);
