using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Security;

/// <summary>The three keys of every TLS listener: <c>TlsListen</c>, <c>TlsCertificate</c>, <c>TlsKey</c>.</summary>
internal static class TlsFiles
{
    private const string CertificateKey = "TlsCertificate";
    private const string PrivateKey = "TlsKey";

    /// <summary>Who listens needs both files, and what is named has to be there and to fit.</summary>
    public static IEnumerable<(string Property, string Problem)> Check(ListenList listen, FilePath certificate, FilePath key)
    {
        var complete = true;
        foreach (var (property, file) in new[] { (CertificateKey, certificate), (PrivateKey, key) })
        {
            complete &= File.Exists(file.Value);
            if (file.IsEmpty && listen.Count > 0)
                yield return (property, "TlsListen needs a certificate and its key");
            else if (!file.IsEmpty && !File.Exists(file.Value))
                yield return (property, $"there is no file '{file}'");
        }

        if (complete && Unusable(certificate, key) is { } problem)
            yield return (CertificateKey, problem);
    }

    /// <summary>The certificate with its key, and the certificates that lead from it to its root.</summary>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Load(FilePath certificate, FilePath key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate.Value!);
        return (X509Certificate2.CreateFromPemFile(certificate.Value!, key.Value), chain);
    }

    private static string? Unusable(FilePath certificate, FilePath key)
    {
        try
        {
            Load(certificate, key).Certificate.Dispose();
            return null;
        }
        catch (ArgumentException)
        {
            return $"'{key}' is not the key of '{certificate}'";
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return $"'{certificate}' with the key '{key}' cannot be used: {error.Message}";
        }
    }
}
