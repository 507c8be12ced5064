using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Journaling.Snapshots;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Journaling;

/// <summary>What a start makes of files that are not what they should be.</summary>
public sealed class DamagedStartTests
{
    [Fact]
    public async Task Nothing_is_dropped_for_the_sake_of_a_snapshot_that_cannot_be_read()
    {
        await using var test = TestJournal.OnSimulatedDisk();
        test.Settings = new() { SegmentBytes = 1 << 20, MaxAge = TimeSpan.Zero, SnapshotBytes = 0 };
        test.Open();
        await test.KeptAsync(test.Journal.AppendState(StatePart.Sessions, "kept"u8));
        await test.RestartAsync(); // with a snapshot
        var snapshot = SegmentFiles.Numbers(Names(test), SegmentFiles.SnapshotSuffix).Single();
        Flip(test, SegmentFiles.Snapshot(JournalPath(test), snapshot), 30);

        test.Settings = new() { SegmentBytes = 1 << 20, MaxAge = TimeSpan.Zero, MaxBytes = 4 << 20 };
        await test.RestartAsync();
        test.Journal.Health.Quarantined.ShouldHaveSingleItem().ShouldEndWith(".snapshot.damaged");
        Records(test).ShouldBe(["kept"]);
        for (var i = 0; i < 300; i++)
        {
            await test.KeptAsync(test.Append("filler", new string('x', 30_000)));
            test.Journal.Routed(test.Journal.Next);
        }
        await test.RestartAsync();
        test.Journal.OldestKept.ShouldBeGreaterThan(1, "nothing was dropped: the snapshot was not needed");
        Records(test).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Sequences_are_not_given_again_when_the_last_segments_cannot_be_read()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        await test.KeptAsync(test.Append("t", "a"));
        await test.KillAsync();
        await test.KeptAsync(test.Append("t", "b"));
        await test.KillAsync();
        await test.KeptAsync(test.Append("t", "c"));
        var seen = test.Journal.Next;
        foreach (var number in SegmentFiles.Numbers(Names(test), SegmentFiles.SegmentSuffix)[1..])
            Flip(test, SegmentFiles.Segment(JournalPath(test), number), 20);
        await test.KillAsync();

        test.Journal.Health.Quarantined.Count.ShouldBe(2);
        test.Journal.Next.ShouldBeGreaterThan(seen + int.MaxValue);
        // Put away, and then cut short before a new segment was made: the next start must know of it as well.
        await test.KillAsync();
        test.Journal.Next.ShouldBeGreaterThan(seen + int.MaxValue);
    }

    [Fact]
    public async Task A_segment_that_was_only_just_made_does_not_hide_how_far_the_one_before_it_was_routed()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        await test.KeptAsync(test.Append("t", "routed"));
        test.Journal.Routed(test.Journal.Next);
        await test.KeptAsync(test.Append("t", "not routed"));
        await test.KeptAsync(test.Append("t", "nor this"));
        var next = test.Journal.Next;
        var number = SegmentFiles.Numbers(Names(test), SegmentFiles.SegmentSuffix)[^1] + 1;
        var header = new byte[SegmentHeader.Bytes];
        new SegmentHeader(number, next, 1, next, SkipReason.None, 5).Write(header);
        using (var file = test.Disk.Create(SegmentFiles.Segment(JournalPath(test), number)))
            file.Write(0, header);
        await test.KillAsync();

        test.Journal.Recovered!.Unrouted.Select(@event => Encoding.UTF8.GetString(@event.Payload)).ShouldBe(["not routed", "nor this"]);
        test.Journal.Recovered!.LastTime.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task What_a_start_had_to_read_counts_for_the_next_snapshot()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        await test.KeptAsync(test.Journal.AppendState(StatePart.Sessions, new byte[1_000]));
        var disk = test.Simulated.Restart(); // killed; the journal that is open cannot reach it
        var found = new Recovery(disk, JournalPath(test), test.Topics, test.Parts, new JournalHealth(TimeSpan.Zero, TimeProvider.System), NullLogger.Instance).Run();
        var snapshots = new SnapshotMaker(disk, JournalPath(test), new SegmentList(found.Segments), test.Parts, found, 1_000);
        snapshots.MakeIfDue();

        snapshots.Newest.ShouldBe(found.Start.NextSegment);
    }

    private static List<string> Records(TestJournal test) => ((RecordList)test.Journal.Recovered!.Image(StatePart.Sessions)).Records;

    private static string JournalPath(TestJournal test) => Path.Combine(test.Path, "journal");

    private static IReadOnlyList<string> Names(TestJournal test) => test.Disk.List(JournalPath(test));

    private static void Flip(TestJournal test, string path, int offset)
    {
        using var file = test.Disk.Open(path, writable: true);
        var bytes = new byte[1];
        file.Read(offset, bytes);
        bytes[0] ^= 0x10;
        file.Write(offset, bytes);
        file.Sync();
    }
}
