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
    private readonly Lock _mapGate = new(); // guards the map
    private readonly WeakReference<ISegmentMap?> _map = new(null); // as long as somebody uses it, or the collector has no need of its memory
    private volatile SegmentDirectory? _directory;
    private volatile bool _isBeingWritten;
    private IDiskFile? _file;
    private int _holds;
    private bool _isDropped;

    /// <summary>A segment that has been scanned, or is being written.</summary>
    public Segment(IDisk disk, string path, SegmentDirectory directory)
        : this(disk, path, directory.Header, 0, 0, 0, 0) => _directory = directory;

    public string Path { get; } = path;

    public SegmentHeader Header { get; } = header;

    /// <summary>What is in it, while that is known in memory; null: see its index.</summary>
    public SegmentDirectory? Directory => _directory;

    /// <summary>Whether more will be written to it.</summary>
    public bool IsBeingWritten
    {
        get => _isBeingWritten;
        set => _isBeingWritten = value;
    }

    /// <summary>From where on a failure of the disk has left open whether it is on it; null when all is.</summary>
    public int? DoubtfulFrom { get; set; }

    /// <summary>The sequence behind its last event.</summary>
    public long NextSequence => _directory?.NextSequence ?? Sealed?.NextSequence ?? _nextSequence;

    /// <summary>How long the file is, as far as it is written.</summary>
    public long Bytes => _directory?.EndOffset ?? Sealed?.Bytes ?? _bytes;

    /// <summary>The earliest time of an event in it; <see cref="long.MaxValue"/> when there is none.</summary>
    public long MinTime => _directory?.MinTime ?? Sealed?.MinTime ?? _minTime;

    /// <summary>The latest time of an event in it; <see cref="long.MinValue"/> when there is none.</summary>
    public long MaxTime => _directory?.MaxTime ?? Sealed?.MaxTime ?? _maxTime;

    private Summary? Sealed { get; set; }

    /// <summary>What is where in it. A missing or damaged index is made again, from this file, which the caller holds.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ISegmentMap Map(IDiskFile file)
    {
        if (_directory is { } directory)
            return directory;
        lock (_mapGate)
        {
            if (_map.TryGetTarget(out var map))
                return map;
            map = SegmentIndex.TryOpen(disk, SegmentFiles.IndexOf(Path), Header, out var index) ? index : Rescan(file);
            _map.SetTarget(map);
            return map;
        }
    }

    /// <summary>Makes durable what a failure of the disk has left in doubt, as soon as the disk can do it.</summary>
    public void TrySecure()
    {
        if (!IsBeingWritten && DoubtfulFrom is { } from && _directory is { } directory && SegmentTail.TrySecure(disk, Path, from, directory.EndOffset))
            DoubtfulFrom = null;
    }

    /// <summary>
    /// Writes the index, if nothing more comes, nothing is in doubt and there is none, and lets go of the directory in memory. Those who read by it may finish.
    /// </summary>
    /// <exception cref="IOException">The disk is full or failing.</exception>
    public void MakeIndex()
    {
        if (IsBeingWritten || DoubtfulFrom is not null || _directory is not { } directory)
            return;
        IndexWriter.Write(disk, SegmentFiles.IndexOf(Path), directory);
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

    private SegmentDirectory Rescan(IDiskFile file)
    {
        var known = SegmentScan.Of(file, NextSequence).Directory ?? new SegmentDirectory(Header);
        try
        {
            IndexWriter.Write(disk, SegmentFiles.IndexOf(Path), known);
        }
        catch (IOException)
        {
            _directory = known; // until the disk takes it
        }
        return known;
    }

    private sealed record Summary(long NextSequence, long Bytes, long MinTime, long MaxTime);
}
