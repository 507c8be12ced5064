using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Tests.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Segments;

public sealed class SegmentRepairTests
{
    private const string Directory = "/journal";

    private static readonly string Segment = SegmentFiles.Segment(Directory, 1);
    private static readonly string Original = Segment + SegmentFiles.DamagedSuffix;

    private readonly SimulatedDisk _disk = new();

    [Fact]
    public void The_copy_has_what_is_whole_and_the_original_is_put_away()
    {
        var bytes = MakeDamaged();
        var found = Repair(_disk);
        ShouldBeSame(ReadAll(_disk, Original), bytes);
        _disk.List(Directory).ShouldBe([Path.GetFileName(Segment), Path.GetFileName(Original)], ignoreOrder: true);
        var copy = Scan(_disk, Segment);
        copy.Condition.ShouldBe(SegmentCondition.Whole);
        ShouldBeSame(copy, found);
        var copied = ReadAll(_disk, Segment);
        copied.Length.ShouldBe(found.EndOffset);
        foreach (var damage in found.Damage)
            bytes.AsSpan(damage.Offset, damage.Bytes).CopyTo(copied.AsSpan(damage.Offset));
        ShouldBeSame(copied, bytes.AsSpan(0, found.EndOffset));
    }

    [Fact]
    public void Cut_anywhere_it_is_done_again_and_nothing_is_lost()
    {
        var bytes = MakeDamaged();
        var before = _disk.Position;
        var found = Repair(_disk);
        var expected = ReadAll(_disk, Segment);
        for (var position = before; position <= _disk.Position; position++)
        {
            for (var seed = 0; seed < 8; seed++)
            {
                var disk = seed == 0 ? PowerCut.Killed(_disk, position) : PowerCut.After(_disk, position, seed);
                Recover(disk);
                ShouldBeSame(ReadAll(disk, Segment), expected, $"cut at {position}, seed {seed}");
                ShouldBeSame(ReadAll(disk, Original), bytes);
                ShouldBeSame(Scan(disk, Segment), found);
            }
        }
    }

    [Fact]
    public void A_full_disk_leaves_the_original_where_it_is()
    {
        var bytes = MakeDamaged();
        _disk.FreeBytes = 100;
        Should.Throw<IOException>(() => Repair(_disk));
        ShouldBeSame(ReadAll(_disk, Segment), bytes);
        _disk.FreeBytes = null;
        Repair(_disk);
        ShouldBeSame(ReadAll(_disk, Original), bytes);
    }

    [Fact]
    public void Without_a_header_it_is_only_put_away()
    {
        var bytes = MakeDamaged();
        using (var file = _disk.Open(Segment, writable: true))
            file.Write(16, [0xFF]);
        bytes[16] = 0xFF;
        Repair(_disk).Condition.ShouldBe(SegmentCondition.NoHeader);
        _disk.List(Directory).ShouldBe([Path.GetFileName(Original)]);
        ShouldBeSame(ReadAll(_disk, Original), bytes);
        SegmentRepair.Interrupted(_disk.List(Directory)).ShouldBe([1]);
        SegmentRepair.Repair(_disk, Segment, Scan(_disk, Original));
        _disk.List(Directory).ShouldBe([Path.GetFileName(Original)]);
    }

    [Fact]
    public void An_index_of_what_was_there_before_goes()
    {
        MakeDamaged();
        _disk.Create(SegmentFiles.Index(Directory, 1)).Dispose();
        Repair(_disk);
        _disk.List(Directory).ShouldNotContain(Path.GetFileName(SegmentFiles.Index(Directory, 1)));
    }

    // As a start does it.
    private static void Recover(SimulatedDisk disk)
    {
        foreach (var name in disk.List(Directory).Where(name => name.EndsWith(SegmentFiles.UnfinishedSuffix, StringComparison.Ordinal)))
            disk.Delete(Path.Combine(Directory, name));
        foreach (var number in SegmentRepair.Interrupted(disk.List(Directory)).ToArray())
            SegmentRepair.Repair(disk, SegmentFiles.Segment(Directory, number), Scan(disk, Original));
        if (Scan(disk, Segment) is { Condition: SegmentCondition.Damaged } scan)
            SegmentRepair.Repair(disk, Segment, scan);
    }

    private byte[] MakeDamaged()
    {
        using var segment = new SegmentBuilder(number: 1, firstSequence: 50);
        for (var batch = 0; batch < 10; batch++)
            segment.Batch(Enumerable.Range(0, 20).Select(i => segment.Make($"t/{i}", $"{batch}/{i}")));
        for (var batch = 0; batch < 5; batch++)
            segment.Batch([segment.Make("large", new string('x', 600_000))]);
        segment.Batch([segment.Make("last")]);
        _disk.CreateDirectory(Directory);
        segment.WriteTo(_disk, Segment, segment.Length + 5000);
        using var file = _disk.Open(Segment, writable: true);
        file.Write(segment.Events[55].Offset + 15, "?"u8); // one event
        file.Write(segment.Frames.Where(frame => frame.Kind == FrameKind.Commit).ElementAt(11).Offset, new byte[1_500_000]); // more than one hole
        file.Sync();
        return ReadAll(_disk, Segment);
    }

    private static SegmentScan Repair(SimulatedDisk disk)
    {
        var scan = Scan(disk, Segment);
        SegmentRepair.Repair(disk, Segment, scan);
        return scan;
    }

    private static SegmentScan Scan(SimulatedDisk disk, string path)
    {
        using var file = disk.Open(path);
        return SegmentScan.Of(file);
    }

    private static void ShouldBeSame(SegmentScan actual, SegmentScan expected)
    {
        var (left, right) = (actual.Directory!, expected.Directory!);
        (left.Header, left.NextSequence, left.EndOffset).ShouldBe((right.Header, right.NextSequence, right.EndOffset));
        for (var sequence = left.Header.FirstSequence; sequence < left.NextSequence; sequence++)
            left.OffsetOf(sequence).ShouldBe(right.OffsetOf(sequence));
    }

    // Shouldly compares byte by byte, which takes long for millions.
    private static void ShouldBeSame(ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected, string? when = null) =>
        actual.SequenceEqual(expected).ShouldBeTrue(when);

    private static byte[] ReadAll(SimulatedDisk disk, string path)
    {
        using var file = disk.Open(path);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }
}
