using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>An open file of a <see cref="SimulatedDisk"/>.</summary>
internal sealed class SimulatedFile(SimulatedDisk disk, int file, SimulatedContent content, string path, bool writable) : IDiskFile
{
    private bool _isClosed;

    /// <summary>The name it was opened by.</summary>
    public string Path => path;

    public int File => file;

    public SimulatedContent Content => content;

    public long Length => disk.LengthOf(this);

    public void Write(long offset, ReadOnlySpan<byte> bytes) => disk.Write(this, offset, bytes);

    public int Read(long offset, Span<byte> into) => disk.Read(this, offset, into);

    public void SetLength(long length) => disk.SetLength(this, length);

    public void Allocate(long length) => disk.Allocate(this, length);

    public void Sync() => disk.Sync(this);

    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        disk.Closed(this);
    }

    public void MustBeOpen() => ObjectDisposedException.ThrowIf(_isClosed, this);

    public void MustBeWritable()
    {
        MustBeOpen();
        if (!writable)
            throw new IOException($"'{path}' is not open for writing");
    }
}
