using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Security;

/// <summary>The three keys of every TLS listener: <c>TlsListen</c>, <c>TlsCertificate</c>, <c>TlsKey</c>.</summary>
internal static class TlsFiles
{
    /// <summary>Who listens needs both files, and what is named has to be there.</summary>
    public static IEnumerable<(string Property, string Problem)> Check(ListenList listen, FilePath certificate, FilePath key)
    {
        foreach (var (property, file) in new[] { ("TlsCertificate", certificate), ("TlsKey", key) })
        {
            if (file.IsEmpty && listen.Count > 0)
                yield return (property, "TlsListen needs a certificate and its key");
            else if (!file.IsEmpty && !File.Exists(file.Value))
                yield return (property, $"there is no file '{file}'");
        }
    }
}
