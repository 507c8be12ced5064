using Serilog.Core;
using Serilog.Events;

namespace TelemetryHub.Server.Tests.Logging;

/// <summary>A console that nobody reads until <see cref="Open"/>.</summary>
internal sealed class SlowTarget : ILogEventSink, IDisposable
{
    private readonly ManualResetEventSlim _opened = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<string> Written { get; } = [];

    public bool Disposed { get; private set; }

    /// <summary>Completes when the writer stands before the first line.</summary>
    public Task Reached => _reached.Task;

    public void Open() => _opened.Set();

    public void Emit(LogEvent logEvent)
    {
        _reached.TrySetResult();
        _opened.Wait();
        Written.Add(logEvent.RenderMessage(null));
    }

    public void Dispose() => Disposed = true;
}
