using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Core.Tests.Journaling.Format;

namespace TelemetryHub.Core.Tests.Journaling.Segments;

public sealed class SegmentScanTests : IDisposable
{
    private readonly SegmentBuilder _segment = new(firstSequence: 1000);

    public void Dispose() => _segment.Dispose();

    [Fact]
    public void A_segment_is_found_as_it_was_written()
    {
        Fill(10, 30);
        _segment.State([1, 1, 0xAA]);
        var scan = Scan(_segment.Allocated(1 << 20));
        scan.Condition.ShouldBe(SegmentCondition.Whole);
        scan.Directory!.Header.ShouldBe(_segment.Header);
        scan.EndOffset.ShouldBe(_segment.Length);
        scan.Seal.ShouldBeNull();
        ShouldHold(scan, _segment.Events.Keys);
        scan.Directory.NextSequence.ShouldBe(_segment.NextSequence);
        scan.RoutedUpTo.ShouldBe(1000);
        var states = _segment.Events.Values.Where(e => e.Event.Retain || e.Event.Session != 0).Select(e => e.Offset)
            .Append(_segment.Frames[^1].Offset);
        Enumerable.Range(0, scan.Directory.StateCount).Select(scan.Directory.StateOffset).ShouldBe(states);
    }

    [Fact]
    public void A_sealed_segment_says_whether_the_hub_stopped_in_order()
    {
        Fill(2, 3);
        _segment.Seal(isCleanStop: true);
        var scan = Scan(_segment.ToArray());
        scan.Condition.ShouldBe(SegmentCondition.Whole);
        scan.Seal.ShouldBe(new SealFrame(true, _segment.NextSequence, _segment.NextSequence, 2_000_000));
        scan.RoutedUpTo.ShouldBe(_segment.NextSequence);
    }

    [Fact]
    public void A_segment_larger_than_a_piece_with_large_events_is_found_as_well()
    {
        for (var batch = 0; batch < 10; batch++)
            _segment.Batch([_segment.Make("large", new string('x', 700_000)), _segment.Make("huge", new string('y', 1_500_000)), _segment.Make("a")]);
        var scan = Scan(_segment.ToArray());
        scan.Condition.ShouldBe(SegmentCondition.Whole);
        ShouldHold(scan, _segment.Events.Keys);
    }

    [Fact]
    public void Whatever_stands_behind_the_last_whole_frame_is_a_torn_end_when_nothing_says_that_it_was_on_disk()
    {
        Fill(3, 4);
        var proven = _segment.ProvenUpTo;
        var whole = _segment.Allocated(_segment.Length + 4096);
        for (var cut = proven; cut < _segment.Length; cut++)
        {
            var zeros = (byte[])whole.Clone();
            zeros.AsSpan(cut).Clear();
            var garbage = (byte[])zeros.Clone();
            new Random(cut).NextBytes(garbage.AsSpan(cut, 600));
            foreach (var bytes in new[] { zeros, garbage, whole[..cut] })
            {
                var scan = Scan(bytes);
                scan.Condition.ShouldBeOneOf(SegmentCondition.Whole, SegmentCondition.Torn);
                var kept = _segment.Events.Where(e => e.Value.Offset < scan.EndOffset).Select(e => e.Key);
                ShouldHold(scan, kept);
                // A frame that ends with zeros is whole without them.
                var end = Math.Max(cut, bytes.AsSpan().CommonPrefixLength(whole));
                scan.EndOffset.ShouldBe(_segment.Frames.Select(f => f.Offset).Append(_segment.Length).Where(offset => offset <= end).Max());
            }
        }
    }

    [Fact]
    public void Unsynced_batches_may_be_missing_in_the_middle()
    {
        Fill(2, 3);
        var from = _segment.Length;
        _segment.Batch([_segment.Make("a"), _segment.Make("b")], afterSync: true);
        var middle = _segment.Length;
        _segment.Batch([_segment.Make("c"), _segment.Make("d")], afterSync: false);
        var bytes = _segment.Allocated(100_000);
        bytes.AsSpan(from, middle - from).Clear();
        var scan = Scan(bytes);
        scan.Condition.ShouldBe(SegmentCondition.Torn);
        scan.EndOffset.ShouldBe(from);
        scan.Directory!.NextSequence.ShouldBe(1006);
    }

    [Fact]
    public void A_flipped_bit_costs_the_frame_that_it_is_in_and_what_cannot_be_read_without_it()
    {
        Fill(5, 10);
        _segment.Seal();
        for (var (at, seed) = (SegmentHeader.Bytes, 0); at < _segment.ProvenUpTo; at += 1 + (seed % 3), seed++)
        {
            var bytes = _segment.ToArray();
            bytes[at] ^= (byte)(1 << (seed % 8));
            var scan = Scan(bytes);
            scan.Condition.ShouldBe(SegmentCondition.Damaged);
            scan.EndOffset.ShouldBe(_segment.Length);
            var frame = _segment.Frames.Last(f => f.Offset <= at);
            var stretch = scan.Damage.ShouldHaveSingleItem();
            stretch.Offset.ShouldBe(frame.Offset);
            var isLength = at < frame.Offset + sizeof(uint);
            if (!isLength)
                (stretch.Offset + stretch.Bytes).ShouldBe(_segment.Frames.Select(f => f.Offset).First(offset => offset > at));
            if (frame.Kind is FrameKind.Event or FrameKind.Commit && !isLength)
                ShouldHold(scan, _segment.Events.Where(e => e.Value.Offset != frame.Offset).Select(e => e.Key));
            else
                ShouldHoldOnlyTrueEvents(scan);
            scan.Directory!.NextSequence.ShouldBe(_segment.NextSequence);
        }
    }

    [Fact]
    public void After_damage_that_takes_whole_batches_it_goes_on_with_the_next_and_counts_what_is_missing()
    {
        Fill(20, 10);
        var bytes = _segment.Allocated(1 << 16);
        var commits = _segment.Frames.Where(f => f.Kind == FrameKind.Commit).Select(f => f.Offset).ToArray();
        bytes.AsSpan(commits[5] + 20, commits[8] - commits[5]).Fill(0xEE); // into the ninth
        var scan = Scan(bytes);
        scan.Condition.ShouldBe(SegmentCondition.Damaged);
        scan.Damage.ShouldBe([new DamagedStretch(commits[5], commits[9] - commits[5])]);
        ShouldHold(scan, _segment.Events.Where(e => e.Value.Offset < commits[5] || e.Value.Offset > commits[9]).Select(e => e.Key));
        scan.Directory!.NextSequence.ShouldBe(_segment.NextSequence);
    }

    [Fact]
    public void Damage_and_a_torn_end_are_told_apart_in_one_segment()
    {
        Fill(6, 5);
        var torn = _segment.Length;
        _segment.Batch([_segment.Make("a"), _segment.Make("b")], afterSync: false);
        var bytes = _segment.Allocated(1 << 16);
        bytes[_segment.Events[1003].Offset + 12] ^= 1;
        bytes[torn + 12] ^= 1;
        var scan = Scan(bytes);
        scan.Condition.ShouldBe(SegmentCondition.Damaged);
        scan.Damage.Count.ShouldBe(1);
        scan.EndOffset.ShouldBe(torn);
        ShouldHold(scan, _segment.Events.Keys.Where(sequence => sequence != 1003 && sequence < 1030));
    }

    [Fact]
    public void What_no_commit_speaks_for_the_seal_does()
    {
        Fill(1, 5);
        var last = _segment.Length;
        _segment.Batch([_segment.Make("a"), _segment.Make("b"), _segment.Make("c")], afterSync: false);
        var frames = _segment.Frames.Where(f => f.Offset >= last).Select(f => f.Offset).ToArray();
        _segment.Seal(isCleanStop: true);
        foreach (var at in new[] { SegmentHeader.Bytes + 12, last + 12, frames[^1] + 12 })
        {
            var bytes = _segment.ToArray();
            bytes[at] ^= 1;
            var scan = Scan(bytes);
            scan.Condition.ShouldBe(SegmentCondition.Damaged);
            scan.Damage.ShouldHaveSingleItem();
            scan.EndOffset.ShouldBe(_segment.Length);
            scan.Seal.ShouldNotBeNull();
            scan.Directory!.NextSequence.ShouldBe(_segment.NextSequence);
        }
    }

    [Fact]
    public void What_was_given_up_is_not_part_of_the_segment()
    {
        Fill(3, 5);
        var scan = Scan(_segment.Allocated(1 << 16), endSequence: 1012);
        scan.Condition.ShouldBe(SegmentCondition.Torn);
        ShouldHold(scan, _segment.Events.Keys.Where(sequence => sequence < 1012));
        scan.Directory!.NextSequence.ShouldBe(1012);
    }

    [Fact]
    public void Headers_are_told_apart()
    {
        Fill(1, 1);
        Scan([]).Condition.ShouldBe(SegmentCondition.Blank);
        Scan(_segment.ToArray()[..63]).Condition.ShouldBe(SegmentCondition.Blank);
        Scan(new byte[4096]).Condition.ShouldBe(SegmentCondition.Blank);
        var damaged = _segment.ToArray();
        damaged[20] ^= 1;
        Scan(damaged).Condition.ShouldBe(SegmentCondition.NoHeader);
        var empty = Scan(_segment.ToArray()[..64]);
        (empty.Condition, empty.EndOffset, empty.Directory!.NextSequence).ShouldBe((SegmentCondition.Whole, 64, 1000));
    }

    [Fact]
    public void Whatever_happens_to_the_bytes_nothing_is_invented()
    {
        Fill(12, 8);
        var clean = _segment.Allocated(_segment.Length + 2000);
        var mutation =
            from at in Gen.Choose(SegmentHeader.Bytes, clean.Length - 1)
            from length in Gen.Frequency((3, Gen.Choose(1, 4)), (1, Gen.Choose(1, 3000)))
            from kind in Gen.Choose(0, 2)
            from other in Gen.Choose(SegmentHeader.Bytes, clean.Length - 1)
            select (at, length, kind, other);
        Prop.ForAll(mutation.NonEmptyListOf().ToArbitrary(), mutations =>
        {
            var bytes = (byte[])clean.Clone();
            foreach (var (at, length, kind, other) in mutations)
                Mutate(bytes, at, Math.Min(length, bytes.Length - Math.Max(at, other)), kind, other);
            var scan = Scan(bytes);
            scan.Directory!.NextSequence.ShouldBeLessThanOrEqualTo(_segment.NextSequence);
            for (var sequence = 1000L; sequence < scan.Directory.NextSequence; sequence++)
                ShouldBeTrue(scan.Directory, sequence, bytes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static void Mutate(byte[] bytes, int at, int length, int kind, int from)
    {
        var target = bytes.AsSpan(at, length);
        if (kind == 0)
            new Random(at).NextBytes(target);
        else if (kind == 1)
            target.Clear();
        else
            bytes.AsSpan(from, length).CopyTo(target); // a sector in the wrong place
    }

    private void Fill(int batches, int eventsEach)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            _segment.Batch(Enumerable.Range(0, eventsEach).Select(i => _segment.Make(
                $"t/{(batch + i) % 7}",
                $"{batch}/{i}",
                time: 1_000_000 + (batch * 100) + i,
                publisher: (i % 4) switch { 0 => "", 1 => "p", _ => $"p{i}" },
                retain: i % 5 == 1,
                session: i % 7 == 3 ? 9u : 0)));
        }
    }

    // Where a sector has been written in the wrong place, a true event may be found elsewhere than it was.
    private void ShouldBeTrue(SegmentDirectory directory, long sequence, byte[] bytes)
    {
        if (directory.OffsetOf(sequence) == 0)
            return;
        var expected = _segment.Events[sequence].Event;
        var reader = new FrameReader(bytes, directory.Header.Salt);
        reader.MoveTo(directory.OffsetOf(sequence));
        reader.Read().ShouldBe(FrameStatus.Whole);
        EventFrame.TryRead(reader.Body, directory.Header, out var frame).ShouldBeTrue();
        directory.Topic(frame.TopicId).ShouldBe(expected.Topic.Name);
        frame.ToEvent(expected.Topic, directory.Publisher(frame.PublisherId)!).ShouldBeSameAs(expected);
    }

    private static SegmentScan Scan(byte[] bytes, long endSequence = long.MaxValue)
    {
        using var file = FileOf(bytes);
        return SegmentScan.Of(file, endSequence);
    }

    private static IDiskFile FileOf(byte[] bytes)
    {
        var file = new SimulatedDisk().Create("/segment");
        file.Write(0, bytes);
        return file;
    }

    private void ShouldHold(SegmentScan scan, IEnumerable<long> sequences)
    {
        var directory = scan.Directory!;
        Enumerable.Range(0, directory.EventCount).Select(i => 1000L + i).Where(sequence => directory.OffsetOf(sequence) != 0).ShouldBe(sequences.Order());
        ShouldHoldOnlyTrueEvents(scan);
    }

    private void ShouldHoldOnlyTrueEvents(SegmentScan scan)
    {
        var directory = scan.Directory!;
        for (var i = 0; i < directory.EventCount; i++)
        {
            var sequence = 1000L + i;
            if (directory.OffsetOf(sequence) == 0)
                continue;
            var (@event, offset) = _segment.Events[sequence];
            directory.OffsetOf(sequence).ShouldBe(offset);
            directory.Topic(directory.TopicIdOf(sequence)).ShouldBe(@event.Topic.Name);
            directory.LatestTime(i / SegmentDirectory.TimeBlock).ShouldBeGreaterThanOrEqualTo(@event.Time);
        }
    }
}
