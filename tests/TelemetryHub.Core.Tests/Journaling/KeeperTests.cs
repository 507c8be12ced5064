using Microsoft.Extensions.Logging.Abstractions;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Journaling.Snapshots;
using TelemetryHub.Core.Tests.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling;

public sealed class KeeperTests : IAsyncLifetime
{
    private readonly TestJournal _test = TestJournal.OnSimulatedDisk();
    private readonly JournalHealth _health = new(TimeSpan.Zero, TimeProvider.System);
    private SimulatedDisk _disk = null!;
    private SegmentList _segments = null!;
    private SnapshotMaker _snapshots = null!;
    private Retention _retention = null!; // by which but one segment should go

    private string Folder => Path.Combine(_test.Path, "journal");

    public async ValueTask InitializeAsync()
    {
        _test.Settings = new JournalSettings { SegmentBytes = 256 << 10 };
        _test.Open();
        for (var i = 0; i < 10; i++)
            await _test.KeptAsync(_test.Append("t", new string('x', 60_000)));
        _disk = _test.Simulated.Restart(); // killed; the journal that is open cannot reach it
        var found = new Recovery(_disk, Folder, _test.Topics, _test.Parts, _health, NullLogger.Instance).Run();
        _segments = new SegmentList(found.Segments);
        _segments.All.Count.ShouldBeGreaterThan(2);
        _snapshots = new SnapshotMaker(_disk, Folder, _segments, _test.Parts, found, int.MaxValue);
        _snapshots.Make();
        _snapshots.Ended(found.Start.NextSegment, stateBytes: 0);
        _snapshots.Make(); // so that neither needs a segment that is there
        _retention = new Retention(_disk, Folder, _segments, _snapshots, new JournalSettings { MaxBytes = 1, SegmentBytes = 1 }, _health, TimeProvider.System);
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task A_disk_too_full_for_an_index_does_not_keep_retention_from_making_room()
    {
        _disk.FreeBytes = 0;
        Should.Throw<IOException>(() => SegmentIndexes.Make(_segments));

        var keeper = new Keeper(_segments, _snapshots, _retention, NullLogger.Instance);
        keeper.Start();
        await keeper.DisposeAsync();

        _segments.All.Count.ShouldBe(1);
        _health.EventsDropped.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_could_not_be_deleted_is_deleted_later_and_before_anything_newer()
    {
        var before = SegmentsOnDisk();
        _disk.IsReadOnly = true;
        Should.Throw<IOException>(_retention.Apply);
        Should.Throw<IOException>(_retention.Apply);
        SegmentsOnDisk().ShouldBe(before);

        _disk.IsReadOnly = false;
        _retention.Apply();

        SegmentsOnDisk().ShouldBe([Path.GetFileName(_segments.All.ShouldHaveSingleItem().Path)]);
    }

    private List<string> SegmentsOnDisk() => [.. _disk.List(Folder).Where(name => name.EndsWith(".segment", StringComparison.Ordinal))];
}
