using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>Keeps every line that the broker logs.</summary>
internal sealed class RecordingLogger : ILogger<MqttBroker>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IEnumerable<string> Errors => At(LogLevel.Error).Concat(At(LogLevel.Critical));

    public IEnumerable<string> At(LogLevel level) => _lines.Where(line => line.Level == level).Select(line => line.Text);

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception}"));
}
