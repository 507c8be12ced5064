using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace TelemetryHub.Broker.Links;

/// <summary>What is known of a connection before its first byte.</summary>
/// <param name="Transport">Which listener it came through.</param>
/// <param name="Remote">The peer; behind a PROXY header the address that the proxy saw. Null when the transport has none.</param>
public sealed record LinkInfo(LinkTransport Transport, IPEndPoint? Remote)
{
    /// <summary>The verified client certificate, when TLS asked for one.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Remote is null ? Transport.ToString() : $"{Remote} ({Transport})";
}
