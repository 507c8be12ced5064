using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>
/// One file of the journal as readers see it. While it is written, and until its index is there, what is in it is told by its directory in memory;
/// afterwards by the index on disk. Any thread.
/// </summary>
internal sealed class Segment(IDisk disk, string path, in SegmentHeader header, long bytes, long nextSequence, long minTime, long maxTime)
{
    private readonly Lock _gate = new(); // guards the holds and the file
    private readonly long _nextSequence = nextSequence, _bytes = bytes, _minTime = minTime, _maxTime = maxTime;
    private volatile SegmentDirectory? _directory;
    private IDiskFile? _file;
    private int _holds;
    private bool _isDropped;

    /// <summary>A segment that is being written.</summary>
    public Segment(IDisk disk, string path, SegmentDirectory directory)
        : this(disk, path, directory.Header, 0, 0, 0, 0) => _directory = directory;

    public string Path { get; } = path;

    public SegmentHeader Header { get; } = header;

    /// <summary>What is in it, while that is known in memory; null: see its index.</summary>
    public SegmentDirectory? Directory => _directory;

    /// <summary>The sequence behind its last event.</summary>
    public long NextSequence => _directory?.NextSequence ?? Sealed?.NextSequence ?? _nextSequence;

    /// <summary>How long the file is, as far as it is written.</summary>
    public long Bytes => _directory?.EndOffset ?? Sealed?.Bytes ?? _bytes;

    /// <summary>The earliest time of an event in it; <see cref="long.MaxValue"/> when there is none.</summary>
    public long MinTime => _directory?.MinTime ?? Sealed?.MinTime ?? _minTime;

    /// <summary>The latest time of an event in it; <see cref="long.MinValue"/> when there is none.</summary>
    public long MaxTime => _directory?.MaxTime ?? Sealed?.MaxTime ?? _maxTime;

    private Summary? Sealed { get; set; }

    /// <summary>The index is on disk: the directory in memory is let go. Those who read by it may finish.</summary>
    public void Indexed()
    {
        if (_directory is not { } directory)
            return;
        Sealed = new Summary(directory.NextSequence, directory.EndOffset, directory.MinTime, directory.MaxTime);
        _directory = null;
    }

    /// <summary>
    /// Opens the file for a reader, and keeps the segment from being dropped until <see cref="Release"/>. False when it has been dropped
    /// already.
    /// </summary>
    public bool TryHold(out IDiskFile file)
    {
        lock (_gate)
        {
            file = null!;
            if (_isDropped)
                return false;
            file = _file ??= disk.Open(Path);
            _holds++;
            return true;
        }
    }

    /// <summary>The reader is done with it.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (--_holds > 0)
                return;
            _file?.Dispose();
            _file = null;
        }
    }

    /// <summary>Nobody begins to read it any more. False while somebody does.</summary>
    public bool TryDrop()
    {
        lock (_gate)
            return _isDropped = _isDropped || _holds == 0;
    }

    private sealed record Summary(long NextSequence, long Bytes, long MinTime, long MaxTime);
}
