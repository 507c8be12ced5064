using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>Keeps what was logged as an error.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly ConcurrentQueue<string> _messages = new();

    public IReadOnlyCollection<string> Messages => _messages;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            _messages.Enqueue($"{formatter(state, exception)} {exception?.Message}");
    }
}
