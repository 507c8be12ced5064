using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>Keeps every line that the broker logs.</summary>
internal sealed class RecordingLogger : ILogger<MqttBroker>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();
    private readonly Channel<string> _said = Channel.CreateUnbounded<string>();

    public IEnumerable<string> Errors => At(LogLevel.Error).Concat(At(LogLevel.Critical));

    public IEnumerable<string> At(LogLevel level) => _lines.Where(line => line.Level == level).Select(line => line.Text);

    /// <summary>Waits for the next line with this in it; each is waited for once.</summary>
    public async Task SaysAsync(string part)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (!(await _said.Reader.ReadAsync(patience.Token)).Contains(part, StringComparison.Ordinal))
        {
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Add(logLevel, exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception}");

    private void Add(LogLevel level, string text)
    {
        _lines.Enqueue((level, text));
        _said.Writer.TryWrite(text);
    }
}
