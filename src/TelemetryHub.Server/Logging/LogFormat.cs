namespace TelemetryHub.Server.Logging;

/// <summary>How a log line is written.</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object per line, for programs.</summary>
    Json,
}
