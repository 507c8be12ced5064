using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Logging;

/// <summary>Logging of the process: section <c>Log</c>. Not used when the hub is embedded: the application logs then.</summary>
public sealed class LogOptions
{
    [Key("least important lines that are logged")]
    public LogLevel Level { get; init; } = LogLevel.Information;

    [Key("log file beside the console; a new one every 64 MiB, eight are kept")]
    public FilePath File { get; init; }

    [Key("for people or for programs")]
    public LogFormat Format { get; init; }
}
