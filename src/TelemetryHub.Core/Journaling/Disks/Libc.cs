using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TelemetryHub.Core.Journaling.Disks;

/// <summary>The system calls for durable files that the runtime has no name for. Linux only.</summary>
internal static partial class Libc
{
    private const int EINTR = 4, EINVAL = 22, ENOSYS = 38, EOPNOTSUPP = 95;
    private const int O_RDONLY = 0, O_CLOEXEC = 0x80000;

    /// <summary>Opens a file or directory to be read, without the advisory lock that the runtime takes on every file it opens.</summary>
    public static SafeFileHandle OpenUnlocked(string path)
    {
        int descriptor;
        do
        {
            descriptor = open(path, O_RDONLY | O_CLOEXEC);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == EINTR);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure("open", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>The bytes are on the disk, and the length if it changed; not the times, which would cost a second write.</summary>
    public static void SyncData(SafeFileHandle file, string path)
    {
        while (fdatasync(file) != 0)
            ThrowUnlessInterrupted("fdatasync", path);
    }

    public static void SyncDirectory(string path)
    {
        using var directory = OpenUnlocked(path);
        while (fsync(directory) != 0)
        {
            // Some file systems (SMB, some FUSE) know no sync of a directory and say so; there is nothing else to ask them for.
            if (Marshal.GetLastPInvokeError() == EINVAL)
                return;
            ThrowUnlessInterrupted("fsync", path);
        }
    }

    public static void Allocate(SafeFileHandle file, long length, string path)
    {
        // off_t is 64 bits wide in all C libraries only there; without the reservation a full disk just shows later.
        if (!Environment.Is64BitProcess)
            return;
        while (fallocate(file, mode: 0, offset: 0, length) != 0)
        {
            if (Marshal.GetLastPInvokeError() is EOPNOTSUPP or ENOSYS)
                return;
            ThrowUnlessInterrupted("fallocate", path);
        }
    }

    private static void ThrowUnlessInterrupted(string call, string path)
    {
        var errno = Marshal.GetLastPInvokeError();
        if (errno != EINTR)
            throw Failure(call, path, errno);
    }

    // The errno as HResult, as in the runtime's own IOExceptions.
    private static IOException Failure(string call, string path, int errno) =>
        new($"{call} of '{path}' failed: {Marshal.GetPInvokeErrorMessage(errno)}", errno);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);
}
