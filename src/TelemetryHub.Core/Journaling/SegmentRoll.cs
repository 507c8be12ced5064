using System.Security.Cryptography;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// Which segment is written: makes the next one, seals the one before. In the order that a power cut allows: what is in a segment is on disk before
/// its successor's name is. The writer's.
/// </summary>
internal sealed class SegmentRoll(IDisk disk, string directory, SegmentList segments, JournalSettings settings, TimeProvider time, LogStart start) : IDisposable
{
    /// <summary>How many sequences a start after a crash leaves out, because they may have been shown to somebody before.</summary>
    public const long SkippedAfterCrash = 1L << 32;

    // Age drops whole segments: a day goes hour by hour.
    private const int SegmentsPerAge = 24;

    private readonly FrameWriter _frames = new();
    private long _number = start.NextSegment;
    private long _next = start.Next; // the sequence behind the last one that is kept
    private long _synced = start.First; // the same, as far as the disk has confirmed it
    private SkipReason _skip = start.Skip;
    private (Segment Segment, IDiskFile File)? _open;

    /// <summary>Called with each segment that is full or given up, on the writer's thread.</summary>
    public Action<Segment, long> OnEnded { get; set; } = static (_, _) => { };

    /// <summary>The sequence behind the last one that is kept.</summary>
    public long KeptUpTo => _next;

    /// <summary>No sequence from here on may be given before something is kept again: a start after a crash could give it once more.</summary>
    public long LastSequence => _synced + SkippedAfterCrash;

    /// <summary>
    /// Is the segment full, or so old that its first events would be kept much longer than they should be because of its last?
    /// </summary>
    public bool IsDue(SegmentWriter segment) => !segment.HasRoom
        || (settings.MaxAge > TimeSpan.Zero && segment.Directory.NextToAdd > segment.Directory.Header.FirstSequence && segment.LastTime - segment.Directory.Header.Created > MaxAgeMilliseconds);

    /// <summary>
    /// Makes the segment that goes on with this sequence. It begins with how far the router was: a hub that is killed before it writes anything
    /// more must not route everything again.
    /// </summary>
    public SegmentWriter Open(long firstSequence, long routedUpTo)
    {
        var skip = firstSequence == _next ? SkipReason.None : _skip;
        var header = new SegmentHeader(_number, firstSequence, time.GetUtcNow().ToUnixTimeMilliseconds(), _next, skip, Salt());
        var path = SegmentFiles.Segment(directory, _number);
        // Also when it cannot be made: a file may be left that must not be taken for the next try's.
        _number++;
        var content = new SegmentDirectory(header);
        var file = disk.Create(path);
        SegmentWriter writer;
        try
        {
            file.Allocate(settings.SegmentBytes);
            Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
            header.Write(bytes);
            file.Write(0, bytes);
            writer = new SegmentWriter(file, content, _frames, settings.SegmentBytes);
            writer.Begin(header.Created, routedUpTo);
            writer.Write();
            writer.Sync();
            disk.SyncDirectory(directory);
        }
        catch
        {
            file.Dispose();
            RemoveUnused(path);
            throw;
        }
        (_skip, _synced) = (SkipReason.Lost, firstSequence);
        var segment = new Segment(disk, path, content) { IsBeingWritten = true };
        _open = (segment, file);
        segments.Add(segment);
        return writer;
    }

    /// <summary>Seals a full segment and makes the next one.</summary>
    public SegmentWriter Next(SegmentWriter full, long nextSequence, long routedUpTo)
    {
        Seal(full, routedUpTo, isCleanStop: false);
        return Open(nextSequence, routedUpTo);
    }

    /// <summary>The hub stops in order.</summary>
    public void Close(SegmentWriter last, long routedUpTo) => Seal(last, routedUpTo, isCleanStop: true);

    /// <summary>The disk failed: what was written of the segment stays as it is, and nothing more comes.</summary>
    public void Abandon(SegmentWriter? failed)
    {
        if (failed is null)
            return;
        failed.Directory.Discard();
        if (_open is { } open)
            open.Segment.DoubtfulFrom = failed.SyncedUpTo;
        End(failed);
    }

    public void Dispose() => _frames.Dispose();

    private void RemoveUnused(string path)
    {
        try
        {
            disk.Delete(path);
        }
        catch (IOException)
        {
            // A start finds it blank, or with nothing in it; what is worth telling is why it could not be made.
        }
    }

    private void Seal(SegmentWriter segment, long routedUpTo, bool isCleanStop)
    {
        try
        {
            segment.Seal(new SealFrame(isCleanStop, segment.NextSequence, routedUpTo, time.GetUtcNow().ToUnixTimeMilliseconds()));
        }
        catch
        {
            Abandon(segment); // the next one counts from what this one holds, and its file is closed
            throw;
        }
        End(segment);
    }

    private void End(SegmentWriter segment)
    {
        (_next, _synced) = (segment.Directory.NextSequence, segment.SyncedSequence);
        if (_open is not { } open)
            return;
        open.File.Dispose();
        open.Segment.IsBeingWritten = false;
        _open = null;
        OnEnded(open.Segment, segment.StateBytes);
    }

    private double MaxAgeMilliseconds => Math.Max(settings.MaxAge.TotalMilliseconds / SegmentsPerAge, 1_000);

    private static uint Salt() => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
}
