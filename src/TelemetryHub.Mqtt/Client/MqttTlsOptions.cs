using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace TelemetryHub.Mqtt.Client;

/// <summary>How the client and its server prove who they are under TLS. The defaults trust what the operating system trusts.</summary>
public sealed record MqttTlsOptions
{
    /// <summary>A PEM file with the only authorities to trust, instead of the operating system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The client's certificate with its key; it wins over <see cref="ClientCertificateFile"/>.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>A PEM file with the client's certificate.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>A PEM file with the client's key; none means that the key stands in the certificate's file.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>
    /// The whole of .NET's TLS options, for what the properties above do not offer (pinning by a callback, cipher policy, ALPN). It is not
    /// written to; the properties above are applied on top of a copy.
    /// </summary>
    public SslClientAuthenticationOptions? Authentication { get; init; }

    internal void Validate()
    {
        RequireFile(CaFile, nameof(CaFile));
        RequireFile(ClientCertificateFile, nameof(ClientCertificateFile));
        RequireFile(ClientKeyFile, nameof(ClientKeyFile));
        if (ClientKeyFile is not null && ClientCertificateFile is null)
            throw new ArgumentException("A client key needs its certificate.", "Tls.ClientKeyFile");
    }

    private static void RequireFile(string? path, string name)
    {
        if (path is not null && !File.Exists(path))
            throw new ArgumentException($"There is no file '{path}'.", $"Tls.{name}");
    }
}
