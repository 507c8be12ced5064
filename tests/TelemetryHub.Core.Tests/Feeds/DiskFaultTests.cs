using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Feeds.Harness;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Core.Tests.Log;

namespace TelemetryHub.Core.Tests.Feeds;

/// <summary>Readers of the past, on a disk that fails, has lost something, or was under a hub that was killed.</summary>
public sealed class DiskFaultTests
{
    private const int Events = 2000;

    [Fact]
    public async Task While_the_disk_cannot_be_read_a_reader_waits_with_heartbeats_and_then_misses_nothing()
    {
        var disk = new SimulatedDisk();
        await using var feeds = await WrittenAsync(disk);
        using var reader = feeds.Open("a", FeedStart.After(new Cursor(feeds.Epoch, 1)), heartbeatSeconds: 5);
        var seen = await reader.NextEventsAsync(100);
        disk.FailsReads = true;
        while (reader.Now() is { Count: > 0 } more)
            seen.AddRange(more);

        for (var second = 0; second < 10; second++)
            feeds.Time.AdvanceSeconds(1);
        TestReader.TypeOf(await reader.NextItemAsync()).ShouldBe("cursor");
        reader.Cursor.Sequence.ShouldBe(1 + seen.Count);

        disk.FailsReads = false;
        while (seen.Count < Events - 1)
        {
            feeds.Time.AdvanceSeconds(1); // the next try
            seen.AddRange(reader.Now());
        }
        seen.ShouldBe(Enumerable.Range(1, Events - 1).Select(i => $"a={i}"));
    }

    [Fact]
    public async Task What_the_disk_has_lost_is_told_and_everything_else_comes()
    {
        var disk = new SimulatedDisk();
        await using var feeds = await WrittenAsync(disk);
        Damage(disk, feeds);
        using var reader = feeds.Open("#", FeedStart.Earliest);
        var seen = await reader.NextEventsAsync(Events / 4);
        while (seen.Count < Events)
        {
            var item = await reader.NextAsync();
            if (TestReader.TypeOf(item) == "gap")
            {
                item.GetProperty("reason").GetString().ShouldBe("damaged");
                var missed = item.GetProperty("missed").GetInt32();
                seen.AddRange(Enumerable.Repeat("missed", missed));
            }
            else
            {
                seen.Add($"a={item.GetProperty("payload")}");
            }
        }
        seen.Count(text => text == "missed").ShouldBeInRange(1, 64);
        seen.Where(text => text != "missed").ShouldBe(Enumerable.Range(0, Events).Where(i => seen[i] != "missed").Select(i => $"a={i}"));
        feeds.Table.Report().Single().Readers.Single().Missed.Values.Sum().ShouldBe(seen.Count(text => text == "missed"));
    }

    [Fact]
    public async Task After_a_kill_no_event_that_was_acknowledged_is_lost_none_comes_twice_and_the_crash_is_told()
    {
        await using var feeds = TestFeeds.Start(tailEvents: 128, segmentBytes: 64 << 10, disk: new SimulatedDisk());
        var (seen, acknowledged, start) = (new List<int>(), new List<int>(), FeedStart.Earliest);
        for (var run = 0; run < 5; run++)
        {
            using (var reader = feeds.Open("a,b", start, OverflowPolicy.Replay))
            {
                var ticket = 0L;
                for (var i = 0; i < 500; i++)
                    ticket = Publish(feeds, (run * 1000) + i);
                await feeds.Log.KeptAsync(ticket);
                acknowledged.AddRange(Enumerable.Range(run * 1000, 500));
                await TakeAsync(reader, seen, until: (run * 1000) + (run % 2 == 0 ? 499 : 200));
                for (var i = 500; i < 600; i++)
                    Publish(feeds, (run * 1000) + i); // nobody is told that these are kept
                start = reader.Resume;
            }
            await feeds.KillAsync();
        }

        using var last = feeds.Open("a,b", start, OverflowPolicy.Replay);
        Publish(feeds, 99_999);
        await TakeAsync(last, seen, until: 99_999);
        seen.ShouldBe(seen.Distinct().Order());
        acknowledged.Except(seen).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reader_that_comes_back_after_a_kill_is_told_of_it_at_once()
    {
        await using var feeds = TestFeeds.Start(disk: new SimulatedDisk());
        FeedStart start;
        using (var reader = feeds.Open())
        {
            await feeds.Log.KeptAsync(feeds.Log.Append("a", "1"));
            feeds.Router.Pump();
            (await reader.NextEventAsync()).ShouldBe("a=1");
            start = reader.Resume;
        }
        await feeds.KillAsync();

        using var again = feeds.Open(start: start);
        var gap = await again.NextAsync();
        TestReader.TypeOf(gap).ShouldBe("gap");
        gap.GetProperty("reason").GetString().ShouldBe("crashed");
        gap.GetProperty("missed").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        again.Cursor.ShouldBe(new Cursor(feeds.Epoch, feeds.Log.Journal.Next - 1));
        feeds.Publish("a", "2");
        (await again.NextEventAsync()).ShouldBe("a=2");
    }

    private static long Publish(TestFeeds feeds, int value)
    {
        var @event = feeds.Log.Events.Of(value % 3 == 0 ? "a" : "b", $"{value}");
        long ticket;
        while (feeds.Log.Journal.TryAppend(@event, out ticket) == AppendResult.Full)
            feeds.Router.Pump();
        feeds.Router.Pump();
        return ticket;
    }

    private static async Task TakeAsync(TestReader reader, List<int> seen, int until)
    {
        while (seen.LastOrDefault() != until)
        {
            var item = await reader.NextAsync();
            if (TestReader.TypeOf(item) == "event")
                seen.Add(item.GetProperty("payload").GetInt32());
            else
                item.GetProperty("reason").GetString().ShouldBe("crashed", item.ToString());
        }
    }

    // On disk, sealed, and out of the tail.
    private static async Task<TestFeeds> WrittenAsync(SimulatedDisk disk)
    {
        var feeds = TestFeeds.Start(tailEvents: 64, segmentBytes: 64 << 10, disk: disk);
        for (var i = 0; i < Events; i++)
        {
            var @event = feeds.Log.Events.Of("a", $"{i}");
            while (feeds.Log.Journal.TryAppend(@event, out _) == AppendResult.Full)
                feeds.Router.Pump();
            feeds.Router.Pump();
        }
        var waiter = new RecordingWaiter();
        var ticket = feeds.Log.Append("end");
        feeds.Router.Pump();
        if (feeds.Log.Journal.WaitUntilKept(ticket, waiter))
            await waiter.Kept;
        return feeds;
    }

    // Some bytes in the middle of the oldest segment.
    private static void Damage(SimulatedDisk disk, TestFeeds feeds)
    {
        var folder = Path.Combine(feeds.Log.Path, "journal");
        var segment = disk.List(folder).Where(name => name.EndsWith(".segment", StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();
        using var file = disk.Open(Path.Combine(folder, segment), writable: true);
        file.Write(file.Length / 2, "damaged"u8);
    }
}
