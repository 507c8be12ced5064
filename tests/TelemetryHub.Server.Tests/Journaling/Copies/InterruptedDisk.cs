using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Server.Tests.Journaling.Copies;

/// <summary>The machine's disk, on which something happens just before a file is opened.</summary>
internal sealed class InterruptedDisk(Action<string> beforeOpen) : IDisk
{
    private readonly LocalDisk _disk = new();

    public IDiskFile Open(string path, bool writable = false)
    {
        beforeOpen(path);
        return _disk.Open(path, writable);
    }

    public void CreateDirectory(string path) => _disk.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => _disk.List(directory);

    public IDiskFile Create(string path) => _disk.Create(path);

    public void Rename(string path, string newPath) => _disk.Rename(path, newPath);

    public void Delete(string path) => _disk.Delete(path);

    public void SyncDirectory(string path) => _disk.SyncDirectory(path);
}
