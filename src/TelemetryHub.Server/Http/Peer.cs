using System.Net;

namespace TelemetryHub.Server.Http;

/// <summary>The other end of a request's connection.</summary>
internal static class Peer
{
    /// <summary>Its address; null when there is none (a pipe, a test).</summary>
    public static IPEndPoint? Of(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, context.Connection.RemotePort) : null;
}
