using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Journaling.Snapshots;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// What the journal does beside the writing: an index for each segment that is full, a snapshot when enough of the state has changed since the last one, and
/// age and size. One loop; whoever writes never waits for it.
/// </summary>
internal sealed partial class Keeper(SegmentList segments, SnapshotMaker snapshots, Retention retention, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _wake = new(0);
    private volatile bool _isStopping;
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>A segment is full or was given up. The writer's thread: nothing is done here.</summary>
    public void Ended(Segment segment, long stateBytes)
    {
        snapshots.Ended(segment.Header.Number, stateBytes);
        _wake.Release();
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        _wake.Release();
        await _running.ConfigureAwait(false);
        _wake.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_isStopping)
        {
            await _wake.WaitAsync(Interval).ConfigureAwait(false);
            Work();
        }
        Work(); // what ended with the writer
    }

    // Each by itself: a disk that is too full for an index must not keep retention from making room.
    private void Work()
    {
        Try(() => SegmentIndexes.Make(segments));
        Try(snapshots.MakeIfDue);
        Try(retention.Apply);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong here is tried again; the loop must not end without a word.")]
    private void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception error)
        {
            Messages.Failed(logger, error);
        }
    }

    private static partial class Messages
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The journal's upkeep failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
