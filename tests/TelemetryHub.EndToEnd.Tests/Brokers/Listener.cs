namespace TelemetryHub.EndToEnd.Tests.Brokers;

/// <summary>An address where the broker accepts clients. <paramref name="Authority"/> is the PEM file to trust, on a TLS listener.</summary>
public sealed record Listener(int Port, string? Authority = null)
{
    public const string Host = "127.0.0.1";

    /// <summary>The address in the words of mosquitto's programs.</summary>
    public IEnumerable<string> MosquittoArguments =>
        Authority is null ? ["-h", Host, "-p", $"{Port}"] : ["-h", Host, "-p", $"{Port}", "--cafile", Authority];
}
