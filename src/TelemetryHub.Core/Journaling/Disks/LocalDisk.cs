namespace TelemetryHub.Core.Journaling.Disks;

/// <summary>The file system of the machine. On Linux what is synced survives a power loss as far as the disk itself keeps its word.</summary>
public sealed class LocalDisk : IDisk
{
    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            return;
        if (Path.GetDirectoryName(full) is { } above)
        {
            CreateDirectory(above);
            Guarded(() => Directory.CreateDirectory(full));
            SyncDirectory(above);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string directory) =>
        Guarded(() => Array.ConvertAll(Directory.GetFiles(directory), file => Path.GetFileName(file)));

    /// <inheritdoc/>
    public IDiskFile Create(string path) => Guarded(() => new LocalFile(path, FileMode.CreateNew, FileAccess.ReadWrite));

    /// <inheritdoc/>
    public IDiskFile Open(string path, bool writable = false) =>
        Guarded(() => new LocalFile(path, FileMode.Open, writable ? FileAccess.ReadWrite : FileAccess.Read));

    /// <inheritdoc/>
    public void Rename(string path, string newPath) => Guarded(() =>
    {
        File.Move(path, newPath, overwrite: true);
        return 0;
    });

    /// <inheritdoc/>
    public void Delete(string path) => Guarded(() =>
    {
        File.Delete(path);
        return 0;
    });

    /// <inheritdoc/>
    /// <remarks>
    /// Only on Linux. Windows has no such call: NTFS journals the names itself, and flushing a file brings its name along. The same is true of
    /// APFS, where the flush of the next file empties the whole drive's cache.
    /// </remarks>
    public void SyncDirectory(string path)
    {
        if (OperatingSystem.IsLinux())
            Libc.SyncDirectory(path);
    }

    /// <summary>The runtime says some refusals by another exception: callers need to know only one.</summary>
    internal static IOException Failure(UnauthorizedAccessException denied) =>
        new(denied.Message, denied) { HResult = denied.InnerException?.HResult ?? denied.HResult };

    private static T Guarded<T>(Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (UnauthorizedAccessException denied)
        {
            throw Failure(denied);
        }
    }
}
