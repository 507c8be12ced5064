using System.Globalization;
using System.Text;
using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// The claim of one process to a data directory, held by a locked file in it. The operating system drops the lock with the process, however
/// that ends: there is nothing to clean up. The file itself stays, for removing it would let two processes lock two files of one name.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    public DirectoryLock(string directory)
    {
        var path = Path.Combine(directory, "lock");
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException held) when (IsHeld(held))
        {
            throw new DataDirectoryInUseException(directory, HolderOf(path), held);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw LocalDisk.Failure(denied);
        }
        try
        {
            _file.SetLength(0);
            _file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));
        }
        catch (IOException)
        {
            // The number is a help for whoever finds the directory in use; on a full disk the lock holds without it.
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Whether a process has the directory, and which, as far as that can be read. Takes nothing and changes nothing.</summary>
    public static bool IsHeld(string directory, out int? processId)
    {
        processId = null;
        var path = Path.Combine(directory, "lock");
        try
        {
            // The runtime puts a shared lock on what it opens to be read, which does not go with an exclusive one.
            File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (IOException held) when (IsHeld(held))
        {
            processId = HolderOf(path);
            return true;
        }
        catch (IOException none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw LocalDisk.Failure(denied);
        }
    }

    // EWOULDBLOCK of flock on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeld(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static int? HolderOf(string path)
    {
        // Elsewhere a file opened with FileShare.None cannot be read by others.
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            using var file = Libc.OpenUnlocked(path);
            Span<byte> text = stackalloc byte[16];
            var length = RandomAccess.Read(file, text, 0);
            return int.TryParse(text[..length].TrimEnd((byte)'\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // the number is only a help
        }
    }
}
