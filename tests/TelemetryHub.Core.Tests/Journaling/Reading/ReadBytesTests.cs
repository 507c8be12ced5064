using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Tests.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Reading;

/// <summary>How much of the disk is read for what.</summary>
public sealed class ReadBytesTests
{
    private const int Devices = 10_000;
    private const int EventsEach = 20;

    private readonly CountingDisk _disk = new(new SimulatedDisk());
    private readonly SampleLog _log;

    public ReadBytesTests() => _log = new SampleLog(_disk);

    [Fact]
    public void One_device_of_ten_thousand_reads_at_least_twenty_times_less_than_everything()
    {
        FillSegment(indexed: true);
        var everything = Measure(JournalStart.Oldest, null, Devices * EventsEach);
        var one = Measure(JournalStart.Oldest, "plant/device-01234/measurements", EventsEach);
        (everything / one).ShouldBeGreaterThanOrEqualTo(20);
        Measure(JournalStart.Oldest, "plant/device-01234/#", EventsEach).ShouldBe(one);
    }

    [Fact]
    public void The_same_holds_for_a_segment_that_is_being_written()
    {
        FillSegment(indexed: false);
        var everything = Measure(JournalStart.Oldest, null, Devices * EventsEach);
        var one = Measure(JournalStart.Oldest, "plant/device-09999/measurements", EventsEach);
        (everything / one).ShouldBeGreaterThanOrEqualTo(20);
    }

    [Fact]
    public void A_wide_filter_reads_everything_once()
    {
        FillSegment(indexed: true);
        var everything = Measure(JournalStart.Oldest, null, Devices * EventsEach);
        var wide = Measure(JournalStart.Oldest, "plant/+/measurements", Devices * EventsEach);
        wide.ShouldBe(everything);
    }

    [Fact]
    public void The_last_minute_reads_little_more_than_what_it_is_made_of()
    {
        FillSegment(indexed: true);
        var everything = Measure(JournalStart.Oldest, null, Devices * EventsEach);
        var last = _log.Events.Skip((Devices * EventsEach) - 1000).First();
        var part = Measure(JournalStart.AtTime(DateTimeOffset.FromUnixTimeMilliseconds(last.Time)), null, 1000);
        (everything / part).ShouldBeGreaterThanOrEqualTo(10);
    }

    [Fact]
    public void Single_events_are_read_without_those_around_them()
    {
        FillSegment(indexed: true);
        var into = new Event?[10];
        var before = _disk.BytesRead;
        new EventLookup(_log.Segments, _log.Topics).Fill([.. Enumerable.Range(1, 10).Select(n => n * 15_000L)], into);
        into.ShouldAllBe(e => e != null);
        (_disk.BytesRead - before).ShouldBeLessThan(2 << 20); // the index, which is kept, and ten times some pages
        before = _disk.BytesRead;
        into.AsSpan().Clear();
        new EventLookup(_log.Segments, _log.Topics).Fill([.. Enumerable.Range(100_000, 10).Select(n => (long)n)], into);
        GC.KeepAlive(_log);
        (_disk.BytesRead - before).ShouldBeLessThan(2 << 20);
    }

    private void FillSegment(bool indexed)
    {
        var segment = _log.Begin();
        var payload = new string('x', 64);
        for (var round = 0; round < EventsEach; round++)
        {
            segment.Batch(Enumerable.Range(0, Devices).Select(device => segment.Make(
                $"plant/device-{device:D5}/measurements", payload, 1_000_000 + segment.NextSequence, $"device-{device:D5}")));
        }
        _log.End(segment, indexed);
    }

    private long Measure(JournalStart start, string? filter, int expected)
    {
        _log.Reopen();
        using var reader = _log.Read(start, filter);
        var into = new Event[256];
        var before = _disk.BytesRead;
        var total = 0;
        for (int count; (count = reader.Read(into)) > 0;)
            total += count;
        total.ShouldBe(expected);
        return _disk.BytesRead - before;
    }
}
