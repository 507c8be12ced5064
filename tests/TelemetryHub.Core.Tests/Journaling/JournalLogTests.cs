using Microsoft.Extensions.Logging.Abstractions;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Log;

namespace TelemetryHub.Core.Tests.Journaling;

/// <summary>The journal is a log like any other.</summary>
public sealed class JournalLogTests : LogContract, IDisposable
{
    private readonly List<(DataDirectory Directory, string Path)> _opened = [];

    public void Dispose()
    {
        foreach (var (directory, path) in _opened)
        {
            directory.Dispose();
            Directory.Delete(path, recursive: true);
        }
    }

    protected override ValueTask<ILog> OpenAsync(TailOptions bounds)
    {
        var disk = new LocalDisk();
        var path = Directory.CreateTempSubdirectory("hub").FullName;
        var directory = new DataDirectory(disk, path);
        _opened.Add((directory, path));
        var settings = new JournalSettings { Tail = bounds, SegmentBytes = 1 << 20 };
        return ValueTask.FromResult<ILog>(Journal.Open(disk, directory, settings, new TopicTable(1 << 20), [], TimeProvider.System, NullLogger.Instance));
    }
}
