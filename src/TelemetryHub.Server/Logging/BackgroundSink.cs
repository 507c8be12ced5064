using System.Threading.Channels;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace TelemetryHub.Server.Logging;

/// <summary>
/// Writes log lines on a thread of its own, so that nobody who logs waits for a console or a disk.
/// Bounded: when the writer cannot keep up the oldest waiting lines go, are counted, and the count is logged. Thread-safe.
/// </summary>
internal sealed class BackgroundSink : ILogEventSink, IDisposable
{
    // About 4 MB of lines at worst: enough for a burst, nothing against the hub's own memory.
    public const int DefaultCapacity = 8192;

    // A console that nobody reads must not hold up the end of the process.
    private static readonly TimeSpan DefaultFlushTimeout = TimeSpan.FromSeconds(2);
    private static readonly MessageTemplate DroppedTemplate =
        new MessageTemplateParser().Parse("{Count} log lines were dropped: they came faster than they could be written");

    private readonly ILogEventSink _target;
    private readonly TimeSpan _flushTimeout;
    private readonly Channel<LogEvent> _waiting;
    private readonly Thread _writer;
    private long _dropped;
    private long _reported;

    /// <summary>Starts the writer. The target is called by that thread alone and is disposed with this sink.</summary>
    public BackgroundSink(ILogEventSink target, int capacity = DefaultCapacity, TimeSpan? flushTimeout = null)
    {
        _target = target;
        _flushTimeout = flushTimeout ?? DefaultFlushTimeout;
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        _waiting = Channel.CreateBounded<LogEvent>(options, _ => Interlocked.Increment(ref _dropped));
        _writer = new Thread(Write) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    /// <summary>Lines lost since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Never waits. After the end of the sink lines are ignored.</summary>
    public void Emit(LogEvent logEvent) => _waiting.Writer.TryWrite(logEvent);

    /// <summary>Writes what is waiting, for a bounded time.</summary>
    public void Dispose()
    {
        if (_waiting.Writer.TryComplete() && _writer.Join(_flushTimeout))
            (_target as IDisposable)?.Dispose();
    }

    private void Write()
    {
        // A thread, not a task: a blocked console blocks it, and the pool has better uses for its threads.
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_waiting.Reader.TryRead(out var line))
            {
                ReportDropped(line.Timestamp);
                _target.Emit(line);
            }
        }
    }

    private void ReportDropped(DateTimeOffset time)
    {
        var dropped = Dropped;
        if (dropped == _reported)
            return;

        var count = new LogEventProperty("Count", new ScalarValue(dropped - _reported));
        _reported = dropped;
        _target.Emit(new LogEvent(time, LogEventLevel.Warning, null, DroppedTemplate, [count]));
    }
}
