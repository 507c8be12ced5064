using Serilog.Events;
using Serilog.Parsing;

namespace TelemetryHub.Server.Tests.Logging;

/// <summary>Makes log lines.</summary>
internal static class Lines
{
    public static readonly DateTimeOffset Time = new(2026, 1, 31, 12, 0, 0, 123, TimeSpan.Zero);

    public static LogEvent Line(string template, params (string Name, object? Value)[] values) =>
        new(
            Time,
            LogEventLevel.Information,
            null,
            new MessageTemplateParser().Parse(template),
            values.Select(value => new LogEventProperty(value.Name, new ScalarValue(value.Value))));
}
