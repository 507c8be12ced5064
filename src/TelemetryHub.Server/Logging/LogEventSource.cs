using Serilog.Core;
using Serilog.Events;

namespace TelemetryHub.Server.Logging;

/// <summary>Reads the category that a log line came under.</summary>
internal static class LogEventSource
{
    public static string? Source(this LogEvent logEvent) =>
        logEvent.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: string source } ? source : null;
}
