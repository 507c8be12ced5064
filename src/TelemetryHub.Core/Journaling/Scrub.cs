using System.Diagnostics;
using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// Reads every sealed segment once after a start, and quarantines what the disk has damaged: a start itself does not wait for that. At most a fifth
/// of one processor.
/// </summary>
internal sealed partial class Scrub(IDisk disk, string directory, SegmentList segments, JournalHealth health, ILogger logger) : IAsyncDisposable
{
    private const int RestFactor = 4;

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Done when everything that was there at the start has been read.</summary>
    public Task Finished => _running;

    public void Start() => _running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        foreach (var segment in segments.All)
        {
            if (segment.Directory is not null)
                continue; // being written, or scanned when it was opened
            var began = Stopwatch.GetTimestamp();
            try
            {
                Check(segment);
            }
            catch (IOException error)
            {
                Messages.Unreadable(logger, error);
            }
            await Task.Delay(Stopwatch.GetElapsedTime(began) * RestFactor, _stop.Token).ConfigureAwait(false);
        }
    }

    private void Check(Segment segment)
    {
        if (!segment.TryHold(out var file))
            return;
        try
        {
            var scan = SegmentScan.Of(file, segment.NextSequence);
            // Also an end that is missing: the index knows how far the segment went.
            if (scan.Condition == SegmentCondition.Whole && scan.Directory!.NextSequence == segment.NextSequence)
                return;
            new Quarantine(disk, directory, health, logger).SetAside(segment.Path, scan);
            segments.Replace(segment, scan.HasHeader ? new Segment(disk, segment.Path, scan.Directory) : null);
        }
        finally
        {
            segment.Release();
        }
    }

    private static partial class Messages
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A segment of the journal could not be checked")]
        public static partial void Unreadable(ILogger logger, Exception error);
    }
}
