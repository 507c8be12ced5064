namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>What goes wrong with it.</summary>
public sealed partial class SimulatedDisk
{
    public const int EIO = 5, EEXIST = 17, ENOSPC = 28, EROFS = 30;

    private readonly Dictionary<int, long> _reserved = []; // by file, as far as it differs from its length
    private long? _freeBytes;
    private SyncHold? _hold;
    private volatile bool _isReadOnly;
    private volatile bool _failsSyncs;
    private volatile bool _failsReads;

    /// <summary>
    /// How much room there is; null = enough. A write or allocation that needs more does what fits and fails with ENOSPC. What is deleted or cut off
    /// is free again.
    /// </summary>
    public long? FreeBytes
    {
        get
        {
            lock (_gate)
                return _freeBytes;
        }
        set
        {
            lock (_gate)
                _freeBytes = value;
        }
    }

    /// <summary>Refuses every change with EROFS.</summary>
    public bool IsReadOnly { get => _isReadOnly; set => _isReadOnly = value; }

    /// <summary>
    /// Fails every sync, of files and directories, with EIO. As on Linux, what it should have covered is not covered by a later one either: the
    /// kernel takes it for written.
    /// </summary>
    public bool FailsSyncs { get => _failsSyncs; set => _failsSyncs = value; }

    /// <summary>Fails every read with EIO.</summary>
    public bool FailsReads { get => _failsReads; set => _failsReads = value; }

    /// <summary>Holds every sync that begins from now on, until what is returned is released.</summary>
    public SyncHold HoldSyncs()
    {
        lock (_gate)
            return _hold = new SyncHold();
    }

    private void SyncAs(int file, string path)
    {
        int began;
        SyncHold? hold;
        lock (_gate)
        {
            MustBeThere(path);
            began = _operations.Count;
            Record(new DiskOperation(DiskOperationKind.SyncBegun, path) { File = file });
            hold = _hold;
        }
        hold?.Pass();
        lock (_gate)
        {
            MustBeThere(path);
            var ended = FailsSyncs ? DiskOperationKind.SyncFailed : DiskOperationKind.Synced;
            Record(new DiskOperation(ended, path) { File = file, Began = began });
            if (ended == DiskOperationKind.SyncFailed)
                throw new IOException($"Input/output error : '{path}'", EIO);
        }
    }

    private void MustBeThere(string path)
    {
        if (_isGone)
            throw new IOException($"The process that had '{path}' has been killed.");
    }

    private void MustBeWritable(string path)
    {
        if (IsReadOnly)
            throw new IOException($"Read-only file system : '{path}'", EROFS);
    }

    private void MustBeReadable(string path)
    {
        if (FailsReads)
            throw new IOException($"Input/output error : '{path}'", EIO);
    }

    private static IOException Full(string path) => new($"No space left on device : '{path}'", ENOSPC);

    /// <summary>Reserves room for a file up to a length, and tells up to where it has some.</summary>
    private long Take(int file, long length)
    {
        var reserved = ReservedFor(file);
        if (length <= reserved)
            return reserved;
        var taken = Math.Min(length - reserved, _freeBytes ?? long.MaxValue);
        _freeBytes -= taken;
        _reserved[file] = reserved + taken;
        return reserved + taken;
    }

    private void GiveBack(int file, long length)
    {
        var reserved = ReservedFor(file);
        if (length >= reserved)
            return;
        _freeBytes += reserved - length;
        _reserved[file] = length;
    }

    private void Free(int file) => GiveBack(file, 0);

    private long ReservedFor(int file) => _reserved.TryGetValue(file, out var bytes) ? bytes : _contents[file].Length;
}
