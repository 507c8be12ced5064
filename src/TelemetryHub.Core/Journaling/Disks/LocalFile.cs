using Microsoft.Win32.SafeHandles;

namespace TelemetryHub.Core.Journaling.Disks;

/// <summary>An open file of the operating system.</summary>
public sealed class LocalFile : IDiskFile
{
    // A backup reads what is being written; retention removes, and recovery renames, what a reader still has open.
    private const FileShare Everything = FileShare.ReadWrite | FileShare.Delete;

    private readonly string _path;
    private readonly SafeFileHandle _handle;

    internal LocalFile(string path, FileMode mode, FileAccess access)
    {
        _path = path;
        _handle = File.OpenHandle(path, mode, access, Everything);
    }

    /// <inheritdoc/>
    public long Length => RandomAccess.GetLength(_handle);

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset); // goes on after a short write until all is written or it fails
        }
        catch (UnauthorizedAccessException denied)
        {
            throw LocalDisk.Failure(denied);
        }
    }

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> into)
    {
        var total = 0;
        while (total < into.Length)
        {
            var read = RandomAccess.Read(_handle, into[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }
        return total;
    }

    /// <inheritdoc/>
    public void SetLength(long length)
    {
        try
        {
            RandomAccess.SetLength(_handle, length);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw LocalDisk.Failure(denied);
        }
    }

    /// <inheritdoc/>
    public void Allocate(long length)
    {
        if (OperatingSystem.IsLinux())
            Libc.Allocate(_handle, length, _path);
    }

    /// <inheritdoc/>
    public void Sync()
    {
        if (OperatingSystem.IsLinux())
            Libc.SyncData(_handle, _path);
        else
            RandomAccess.FlushToDisk(_handle); // FlushFileBuffers on Windows, F_FULLFSYNC on macOS
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
