namespace TelemetryHub.Core.Journaling.Disks;

/// <summary>An open file. Reads may run beside a write; writes and syncs come from one thread. Failures are <see cref="IOException"/>.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>How long it is now.</summary>
    long Length { get; }

    /// <summary>Writes all of the bytes, extending the file as needed. When it throws, any part of them may have been written.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Reads up to as many bytes as there is room for; fewer only at the end of the file, 0 behind it.</summary>
    int Read(long offset, Span<byte> into);

    /// <summary>Sets the length: cuts, or extends by zeros.</summary>
    void SetLength(long length);

    /// <summary>
    /// Reserves space up to this length, so that later writes need not find any; extends the file by zeros. Throws when the disk has no
    /// room; does nothing where the file system cannot do it.
    /// </summary>
    void Allocate(long length);

    /// <summary>Returns when everything written so far is on the disk (fdatasync). When it throws, nothing is known about what was written since the last one.</summary>
    void Sync();
}
