using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>Turns <see cref="MqttTlsOptions"/> into what .NET wants. Files are read per connection, so renewed certificates are picked up.</summary>
internal static class TlsSettings
{
    public static SslClientAuthenticationOptions For(MqttClientOptions options)
    {
        var wanted = options.Tls;
        var settings = Copy(wanted.Authentication ?? new SslClientAuthenticationOptions());
        settings.TargetHost ??= options.Host;
        if (wanted.CaFile is not null)
            settings.CertificateChainPolicy = TrustOnly(wanted.CaFile);
        if (LoadClientCertificate(wanted) is { } certificate)
            settings.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        return settings;
    }

    public static HttpMessageInvoker InvokerFor(MqttClientOptions options) =>
        new(new SocketsHttpHandler { SslOptions = For(options) }, disposeHandler: true);

    private static X509Certificate2? LoadClientCertificate(MqttTlsOptions wanted)
    {
        if (wanted.ClientCertificate is not null || wanted.ClientCertificateFile is null)
            return wanted.ClientCertificate;
        return X509Certificate2.CreateFromPemFile(wanted.ClientCertificateFile, wanted.ClientKeyFile);
    }

    private static X509ChainPolicy TrustOnly(string caFile)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // private authorities rarely publish revocation lists
        };
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        return policy;
    }

    // The application's object may be shared by many clients, so it is never written to.
    private static SslClientAuthenticationOptions Copy(SslClientAuthenticationOptions from) => new()
    {
        AllowRenegotiation = from.AllowRenegotiation,
        AllowTlsResume = from.AllowTlsResume,
        ApplicationProtocols = from.ApplicationProtocols,
        CertificateChainPolicy = from.CertificateChainPolicy,
        CertificateRevocationCheckMode = from.CertificateRevocationCheckMode,
        CipherSuitesPolicy = from.CipherSuitesPolicy,
        ClientCertificateContext = from.ClientCertificateContext,
        ClientCertificates = from.ClientCertificates,
        EnabledSslProtocols = from.EnabledSslProtocols,
        EncryptionPolicy = from.EncryptionPolicy,
        LocalCertificateSelectionCallback = from.LocalCertificateSelectionCallback,
        RemoteCertificateValidationCallback = from.RemoteCertificateValidationCallback,
        TargetHost = from.TargetHost,
    };
}
