using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling.Snapshots;

/// <summary>
/// Writes snapshots out of the log itself: the newest one, and what the segments since then say. The running hub is not asked and does not notice. What a
/// snapshot says is what a start at the same place would have recovered, because it is the same code. The keeper's thread but for <see cref="Ended"/>.
/// </summary>
internal sealed class SnapshotMaker(IDisk disk, string directory, SegmentList segments, IReadOnlyList<Func<IStateImage>> parts, RecoveredLog found, int minStateBytes)
{
    // One more than is needed, should the newest one be damaged; and nothing of the log is dropped that it would need.
    private const int Kept = 2;

    private readonly List<long> _numbers = [.. found.Snapshots]; // ascending
    private long _newest = found.Snapshots is [.., var last] ? last : 0;
    private long _endedUpTo = found.Start.NextSegment; // segments below this number are ended
    private long _stateBytes = found.StateBytes;
    private long _lastBytes;

    /// <summary>The segment before which the newest snapshot stands; 0 when there is none.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>No start needs a segment below this number, even if the newest snapshot is damaged; 0 when a start would.</summary>
    public long Safe => _numbers is [.., var before, _] ? before : 0;

    /// <summary>A segment is full or given up. The writer's thread.</summary>
    public void Ended(long number, long stateBytes)
    {
        // In this order: what is counted is in the segments that are ended.
        Volatile.Write(ref _endedUpTo, number + 1);
        Interlocked.Add(ref _stateBytes, stateBytes);
    }

    /// <summary>Makes one when a start would have to read much.</summary>
    public void MakeIfDue()
    {
        if (Volatile.Read(ref _stateBytes) > Math.Max(minStateBytes, _lastBytes))
            Make();
    }

    /// <summary>Makes one at the end of the last segment that has ended, unless it is there.</summary>
    public void Make()
    {
        var stateBytes = Volatile.Read(ref _stateBytes);
        var upTo = Volatile.Read(ref _endedUpTo);
        if (upTo <= _newest)
            return;
        var state = LogState.Recover(disk, directory, parts, _numbers, out var from);
        if (_newest > from && segments.All is [var oldest, ..] && Completeness.IsStateMissing(oldest, from))
            throw new InvalidDataException($"The snapshots of the hub's state before segment {_newest} cannot be read any more: a new one would lack what is in them.");
        foreach (var segment in segments.All)
        {
            if (segment.Header.Number >= from && segment.Header.Number < upTo)
                SegmentState.Apply(segment, state);
        }
        _lastBytes = SnapshotFile.Write(disk, directory, upTo, state);
        _numbers.Add(upTo);
        Volatile.Write(ref _newest, upTo);
        Interlocked.Add(ref _stateBytes, -stateBytes); // not before: if that failed, it is due as ever
        for (; _numbers.Count > Kept; _numbers.RemoveAt(0))
            disk.Delete(SegmentFiles.Snapshot(directory, _numbers[0]));
    }
}
