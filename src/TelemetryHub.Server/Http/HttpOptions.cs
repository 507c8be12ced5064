using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Http;

/// <summary>HTTP: section <c>Http</c>. Not used when the hub is embedded: the application listens then.</summary>
public sealed class HttpOptions : ICheckedOptions
{
    [Key("where HTTP is served")]
    public ListenList Listen { get; init; } = ListenList.Loopback(8080);

    [Key("where HTTPS is served")]
    public ListenList TlsListen { get; init; } = [];

    [Key("certificate chain for HTTPS, PEM")]
    public FilePath TlsCertificate { get; init; }

    [Key("private key of the certificate, PEM")]
    public FilePath TlsKey { get; init; }

    [Key("threads that serve plain HTTP, on Linux; 0 = half of the processors", Min = "0", Max = "256")]
    public int Reactors { get; init; }

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Check() => Security.TlsFiles.Check(TlsListen, TlsCertificate, TlsKey);
}
