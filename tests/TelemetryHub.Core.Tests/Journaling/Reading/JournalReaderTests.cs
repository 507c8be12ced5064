using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Core.Tests.Journaling.Format;
using TelemetryHub.Core.Tests.Journaling.Segments;

namespace TelemetryHub.Core.Tests.Journaling.Reading;

public sealed class JournalReaderTests
{
    private static readonly string?[] Filters = [null, "#", "site/3/value", "site/+/value", "none"];

    [Fact]
    public void A_reader_gives_what_is_in_the_log_and_tells_what_is_missing()
    {
        var runs =
            from seed in Gen.Choose(0, int.MaxValue)
            from permille in Gen.Choose(0, 1000)
            from filter in Gen.Elements(Filters)
            from batch in Gen.Elements(1, 7, 100, 1000)
            select (seed, permille, filter, batch);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            var log = SampleLog.Random(run.seed);
            var first = log.Segments.All[0].Header.FirstSequence;
            var from = run.permille == 0 ? first : Math.Max(1, log.Next * run.permille / 1000);
            var start = run.permille == 0 ? JournalStart.Oldest : JournalStart.At(from);
            using var reader = log.Read(start, run.filter);
            ShouldBeSame(SampleLog.ReadAll(reader, run.batch), log.From(from, run.filter));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    [Fact]
    public void A_reader_from_a_time_begins_with_the_first_event_of_that_time_or_later()
    {
        var runs =
            from seed in Gen.Choose(0, int.MaxValue)
            from permille in Gen.Choose(-10, 1010)
            select (seed, permille);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            var log = SampleLog.Random(run.seed);
            var time = 1_000_000 + (log.Next * 10 * run.permille / 1000);
            var first = log.Events.FirstOrDefault(e => e.Time >= time);
            using var reader = log.Read(JournalStart.AtTime(DateTimeOffset.FromUnixTimeMilliseconds(time)));
            var read = SampleLog.ReadAll(reader);
            if (first is null)
                read.Where(item => item.Event is not null).ShouldBeEmpty();
            else
                ShouldBeSame(read, log.From(first.Sequence, null));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(80));
    }

    [Fact]
    public void A_narrow_filter_finds_the_same_as_a_wide_one()
    {
        var log = new SampleLog();
        for (var number = 0; number < 3; number++)
        {
            var segment = log.Begin();
            for (var batch = 0; batch < 40; batch++)
                segment.Batch(Enumerable.Range(0, 400).Select(i => segment.Make($"device/{(batch * 7) + i}/value", new string('x', 60))));
            log.End(segment, indexed: number < 2);
        }
        foreach (var filter in new[] { "device/300/value", "device/3/#", "device/673/value", "device/+/none" })
        {
            foreach (var from in new[] { 1L, 5_000, 20_000, 47_000 })
            {
                using var reader = log.Read(JournalStart.At(from), filter);
                ShouldBeSame(SampleLog.ReadAll(reader, 3), log.From(from, filter));
                reader.Next.ShouldBe(log.Next);
            }
        }
    }

    [Fact]
    public void A_reader_goes_on_when_more_has_been_written()
    {
        var log = new SampleLog();
        using var segment = log.Begin();
        segment.Batch([segment.Make("a", "1")]);
        var disk = (SimulatedDisk)log.Disk;
        var path = SegmentFiles.Segment(SampleLog.Folder, 1);
        segment.WriteTo(disk, path, 100_000);
        using var file = disk.Open(path, writable: true);
        var directory = SegmentScan.Of(file).Directory!;
        log.Segments.Add(new Segment(disk, path, directory) { IsBeingWritten = true });
        using var reader = log.Read(JournalStart.Oldest);
        var into = new Event[10];
        reader.Read(into).ShouldBe(1);
        reader.Read(into).ShouldBe(0);

        var end = segment.Length;
        segment.Batch([segment.Make("b", "2"), segment.Make("a", "3")]);
        file.Write(end, segment.ToArray().AsSpan(end));
        reader.Read(into).ShouldBe(0, "nobody has been told");
        directory.AddTopic(1, segment.Events[2].Event.Topic.Name);
        directory.AddEvent(2, segment.Events[2].Offset, 1, 0);
        directory.AddEvent(3, segment.Events[3].Offset, 0, 0);
        directory.Publish(segment.Length);
        reader.Read(into).ShouldBe(2);
        into[0].ShouldBeSameAs(segment.Events[2].Event);
        reader.Next.ShouldBe(4);
    }

    [Fact]
    public void Damage_that_comes_after_the_index_costs_what_it_hits()
    {
        var log = new SampleLog();
        var segment = log.Begin();
        for (var batch = 0; batch < 20; batch++)
            segment.Batch(Enumerable.Range(0, 1000).Select(i => segment.Make($"device/{i}", new string('x', 60))));
        var (hit, length) = (segment.Events[5_307].Offset, segment.Events[9_000].Offset);
        var made = log.End(segment, indexed: true);
        using (var file = log.Disk.Open(made.Path, writable: true))
        {
            file.Write(hit + 20, "?"u8); // one event, of device 306
            file.Write(length, [0xFF, 0xFF, 0xFF, 0x7F]); // one whose length is damaged: where the next begins is known for each 32nd
        }
        using var walking = log.Read(JournalStart.Oldest);
        var read = SampleLog.ReadAll(walking);
        var gaps = read.Where(item => item.Gap is not null).Select(item => item.Gap!.Value).ToList();
        gaps[0].ShouldBe(new JournalGap(5_307, 5_308, GapReason.Damaged));
        gaps[1].From.ShouldBe(9_000);
        gaps[1].To.ShouldBeInRange(9_001, 9_032);
        gaps.Count.ShouldBe(2);
        read.Count(item => item.Event is not null).ShouldBe((int)(20_000 - gaps.Sum(gap => gap.Missing!.Value)));

        using var picking = log.Read(JournalStart.Oldest, "device/306");
        read = SampleLog.ReadAll(picking);
        read.Select(item => item.Event?.Sequence).OfType<long>().ShouldBe(Enumerable.Range(0, 20).Select(batch => 307L + (batch * 1000)).Where(s => s != 5_307));
        read.ShouldContain((null, gaps[0]));
    }

    [Fact]
    public void What_was_dropped_is_a_gap_also_under_a_reader()
    {
        var log = new SampleLog();
        foreach (var indexed in new[] { true, true, false })
        {
            var segment = log.Begin();
            SegmentIndexTests.Fill(segment, 500, 5, 1);
            log.End(segment, indexed);
        }
        using var reader = log.Read(JournalStart.Oldest);
        var into = new Event[10];
        reader.Read(into).ShouldBe(10);
        log.Segments.TryDropOldest(log.Segments.All[0]).ShouldBeTrue("between two reads nothing is held");
        log.Segments.TryDropOldest(log.Segments.All[0]).ShouldBeTrue();
        reader.Read(into, out var gap).ShouldBe(0);
        gap.ShouldBe(new JournalGap(11, 1001, GapReason.Dropped));
        gap!.Value.Missing.ShouldBe(990);
        reader.Read(into, out gap).ShouldBe(10);
        into[0].Sequence.ShouldBe(1001);
    }

    [Fact]
    public void What_a_reader_holds_is_not_dropped()
    {
        var log = new SampleLog();
        for (var i = 0; i < 2; i++)
        {
            var segment = log.Begin();
            SegmentIndexTests.Fill(segment, 50, 5, 1);
            log.End(segment, indexed: true);
        }
        var oldest = log.Segments.All[0];
        oldest.TryHold(out _).ShouldBeTrue();
        log.Segments.TryDropOldest(oldest).ShouldBeFalse();
        oldest.Release();
        log.Segments.TryDropOldest(oldest).ShouldBeTrue();
        oldest.TryHold(out _).ShouldBeFalse();
        ((SimulatedDisk)log.Disk).OpenFiles.ShouldBeEmpty();
    }

    [Fact]
    public void A_segment_that_is_gone_is_damage_and_an_empty_one_is_nothing()
    {
        var log = new SampleLog();
        List<Segment> made = [];
        foreach (var events in new[] { 20, 30, 0, 40 })
        {
            var segment = log.Begin();
            SegmentIndexTests.Fill(segment, events, 5, 1);
            made.Add(log.End(segment, indexed: true));
        }
        log.Segments.Replace(made[1], null);
        using var reader = log.Read(JournalStart.Oldest);
        var read = SampleLog.ReadAll(reader);
        read.Single(item => item.Gap is not null).Gap.ShouldBe(new JournalGap(21, 51, GapReason.Damaged));
        read.Count.ShouldBe(61);
    }

    [Fact]
    public void How_many_events_a_crash_took_is_not_claimed_to_be_known()
    {
        var log = new SampleLog();
        SegmentIndexTests.Fill(log.Begin(), 0, 1, 1);
        foreach (var (skip, skipped) in new[] { (SkipReason.None, 0L), (SkipReason.Crash, 1L << 32), (SkipReason.Lost, 17L) })
        {
            var segment = log.Begin(skip, skipped);
            SegmentIndexTests.Fill(segment, 10, 1, 1);
            log.End(segment, indexed: true);
        }
        using var reader = log.Read(JournalStart.Oldest);
        var gaps = SampleLog.ReadAll(reader).Where(item => item.Gap is not null).Select(item => item.Gap!.Value).ToList();
        gaps.Select(gap => (gap.Reason, gap.Missing)).ShouldBe([(GapReason.Crashed, null), (GapReason.NotWritten, 17L)]);
    }

    [Fact]
    public void An_empty_log_is_read_once_there_is_something()
    {
        var log = new SampleLog();
        using var reader = log.Read(JournalStart.Oldest);
        using var late = log.Read(JournalStart.AtTime(DateTimeOffset.UnixEpoch));
        reader.Read(new Event[1]).ShouldBe(0);
        late.Read(new Event[1]).ShouldBe(0);
        var segment = log.Begin();
        SegmentIndexTests.Fill(segment, 10, 1, 1);
        log.End(segment, indexed: false);
        reader.Read(new Event[20]).ShouldBe(10);
        late.Read(new Event[20]).ShouldBe(10);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("device/+/a")]
    [InlineData("device/77/a")]
    public void A_disk_that_fails_to_read_for_a_while_costs_no_event(string? filter)
    {
        var disk = new CountingDisk(new SimulatedDisk());
        var log = new SampleLog(disk);
        for (var number = 0; number < 2; number++)
        {
            var segment = log.Begin();
            for (var batch = 0; batch < 20; batch++)
                segment.Batch(Enumerable.Range(0, 500).Select(i => segment.Make($"device/{i}/a", new string('x', 60))));
            log.End(segment, indexed: true);
        }
        using var reader = log.Read(JournalStart.Oldest, filter);
        List<(Event? Event, JournalGap? Gap)> read = [];
        var into = new Event[900];
        for (var failures = 0; ;)
        {
            disk.ReadsLeft = failures % 30;
            try
            {
                var count = reader.Read(into, out var gap);
                gap.ShouldBeNull();
                if (count == 0)
                    break;
                read.AddRange(into.Take(count).Select(@event => ((Event?)@event, (JournalGap?)null)));
            }
            catch (IOException)
            {
                (++failures).ShouldBeLessThan(1000);
            }
        }
        ShouldBeSame(read, log.From(1, filter));
    }

    [Fact]
    public void A_reader_at_rest_holds_no_file()
    {
        var log = SampleLog.Random(7);
        using var reader = log.Read(JournalStart.Oldest);
        reader.Read(new Event[5]);
        ((SimulatedDisk)log.Disk).OpenFiles.ShouldBeEmpty();
        reader.Rest();
        var expected = log.From(reader.Next, null);
        ShouldBeSame(SampleLog.ReadAll(reader), expected);
    }

    internal static void ShouldBeSame(List<(Event? Event, JournalGap? Gap)> actual, List<(Event? Event, JournalGap? Gap)> expected)
    {
        actual.Select(Text).ShouldBe(expected.Select(Text));
        foreach (var (got, wanted) in actual.Zip(expected).Where(pair => pair.First.Event is not null))
            got.Event!.ShouldBeSameAs(wanted.Event!);
    }

    private static string Text((Event? Event, JournalGap? Gap) item) =>
        item.Event is { } @event ? $"{@event.Sequence}" : item.Gap.ToString()!;
}
