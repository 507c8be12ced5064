namespace TelemetryHub.Server.Tests.Feeds;

/// <summary>How a client comes to the hub.</summary>
public enum Way
{
    /// <summary>HTTP/1.1 over the web server's own sockets.</summary>
    Server,

    /// <summary>HTTP/1.1 over a connection that the hub takes from the web server.</summary>
    Taken,

    /// <summary>HTTP/2 over TLS.</summary>
    Http2,
}
