using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Tests.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Reading;

/// <summary>Counts the bytes that are read, and fails to read on request.</summary>
internal sealed class CountingDisk(IDisk disk) : IDisk
{
    private long _bytesRead;

    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>How many reads succeed before they fail.</summary>
    public int ReadsLeft { get; set; } = int.MaxValue;

    public void CreateDirectory(string path) => disk.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => disk.List(directory);

    public IDiskFile Create(string path) => new CountingFile(this, disk.Create(path));

    public IDiskFile Open(string path, bool writable = false) => new CountingFile(this, disk.Open(path, writable));

    public void Rename(string path, string newPath) => disk.Rename(path, newPath);

    public void Delete(string path) => disk.Delete(path);

    public void SyncDirectory(string path) => disk.SyncDirectory(path);

    private sealed class CountingFile(CountingDisk counter, IDiskFile file) : IDiskFile
    {
        public long Length => file.Length;

        public void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

        public int Read(long offset, Span<byte> into)
        {
            if (counter.ReadsLeft-- <= 0)
                throw new IOException("Input/output error", SimulatedDisk.EIO);
            var read = file.Read(offset, into);
            Interlocked.Add(ref counter._bytesRead, read);
            return read;
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Allocate(long length) => file.Allocate(length);

        public void Sync() => file.Sync();

        public void Dispose() => file.Dispose();
    }
}
