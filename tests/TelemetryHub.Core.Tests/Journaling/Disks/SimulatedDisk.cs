using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>
/// A disk in memory that remembers everything that was done to it, for <see cref="PowerCut"/> to build what could have been left of it, and that
/// fails, fills up and stands still on request. All switches may be set at any time, from any thread.
/// </summary>
public sealed partial class SimulatedDisk : IDisk
{
    private readonly Lock _gate = new(); // guards everything below
    private readonly List<DiskOperation> _operations;
    private readonly HashSet<string> _directories;
    private readonly SortedDictionary<string, int> _names;
    private readonly Dictionary<int, SimulatedContent> _contents;
    private readonly HashSet<SimulatedFile> _open = [];
    private int _lastFile;
    private bool _isGone;

    /// <summary>An empty disk.</summary>
    public SimulatedDisk()
        : this(new DiskImage(["/"], new SortedDictionary<string, int>(StringComparer.Ordinal), []))
    {
    }

    /// <summary>A disk that has this on it, all of it safe.</summary>
    internal SimulatedDisk(DiskImage start)
        : this(start, [], start.Copy())
    {
    }

    /// <summary>A disk after these operations: <paramref name="now"/> is what they made of <paramref name="start"/>.</summary>
    internal SimulatedDisk(DiskImage start, IEnumerable<DiskOperation> operations, DiskImage now)
    {
        Start = start;
        _operations = [.. operations];
        _lastFile = now.Contents.Keys.Append(0).Max();
        _directories = now.Directories;
        _names = now.Names;
        _contents = now.Contents;
    }

    /// <summary>What was on it before the first operation.</summary>
    internal DiskImage Start { get; }

    /// <summary>How many operations there have been: a point in time to cut at.</summary>
    public int Position
    {
        get
        {
            lock (_gate)
                return _operations.Count;
        }
    }

    /// <summary>The names by which files are open now.</summary>
    public IReadOnlyList<string> OpenFiles
    {
        get
        {
            lock (_gate)
                return [.. _open.Select(file => file.Path)];
        }
    }

    /// <summary>The first so many operations.</summary>
    public IReadOnlyList<DiskOperation> Operations(int count)
    {
        lock (_gate)
            return _operations.GetRange(0, count);
    }

    /// <summary>
    /// The process is killed and another one comes: this object and its files refuse everything from now on, the returned one goes on with what
    /// was written, and with the memory of what has not been synced. A sync that was running never ends.
    /// </summary>
    public SimulatedDisk Restart()
    {
        lock (_gate)
        {
            _isGone = true;
            return new SimulatedDisk(Start, _operations, new DiskImage(_directories, _names, _contents))
            {
                _freeBytes = _freeBytes,
                _isReadOnly = _isReadOnly,
                _failsSyncs = _failsSyncs,
            };
        }
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        lock (_gate)
        {
            MustBeThere(path);
            if (_directories.Contains(path))
                return;
            if (Path.GetDirectoryName(path) is { } above)
                CreateDirectory(above);
            MustBeWritable(path);
            _directories.Add(path);
            Record(new DiskOperation(DiskOperationKind.CreateDirectory, path));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string directory)
    {
        lock (_gate)
        {
            MustBeThere(directory);
            MustHaveDirectory(directory);
            return [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == directory).Select(path => Path.GetFileName(path))];
        }
    }

    /// <inheritdoc/>
    public IDiskFile Create(string path)
    {
        lock (_gate)
        {
            MustBeThere(path);
            MustHaveDirectory(Path.GetDirectoryName(path)!);
            if (_names.ContainsKey(path))
                throw new IOException($"The file '{path}' already exists.", EEXIST);
            MustBeWritable(path);
            var file = ++_lastFile;
            _contents[file] = new SimulatedContent();
            _names[path] = file;
            Record(new DiskOperation(DiskOperationKind.Create, path) { File = file });
            return Opened(file, path, writable: true);
        }
    }

    /// <inheritdoc/>
    public IDiskFile Open(string path, bool writable = false)
    {
        lock (_gate)
        {
            MustBeThere(path);
            MustHaveDirectory(Path.GetDirectoryName(path)!);
            var file = FileAt(path);
            if (writable)
                MustBeWritable(path);
            return Opened(file, path, writable);
        }
    }

    /// <inheritdoc/>
    public void Rename(string path, string newPath)
    {
        lock (_gate)
        {
            MustBeThere(path);
            if (Path.GetDirectoryName(path) != Path.GetDirectoryName(newPath))
                throw new ArgumentException($"'{path}' to '{newPath}' is not within a directory.");
            var file = FileAt(path);
            MustBeWritable(path);
            if (_names.TryGetValue(newPath, out var replaced))
                Free(replaced);
            _names.Remove(path);
            _names[newPath] = file;
            Record(new DiskOperation(DiskOperationKind.Rename, path) { File = file, NewPath = newPath });
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        lock (_gate)
        {
            MustBeThere(path);
            if (!_names.TryGetValue(path, out var file))
                return;
            MustBeWritable(path);
            Free(file);
            _names.Remove(path);
            Record(new DiskOperation(DiskOperationKind.Delete, path) { File = file });
        }
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        lock (_gate)
        {
            MustBeThere(path);
            MustHaveDirectory(path);
        }
        SyncAs(file: 0, path);
    }

    private int FileAt(string path) =>
        _names.TryGetValue(path, out var file) ? file : throw new FileNotFoundException($"Could not find file '{path}'.", path);

    private SimulatedFile Opened(int file, string path, bool writable)
    {
        var opened = new SimulatedFile(this, file, _contents[file], path, writable);
        _open.Add(opened);
        return opened;
    }

    private void MustHaveDirectory(string path)
    {
        if (!_directories.Contains(path))
            throw new DirectoryNotFoundException($"Could not find the directory '{path}'.");
    }

    private void Record(DiskOperation operation) => _operations.Add(operation);
}
