using System.Text;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Journaling;

public sealed class RestartTests
{
    [Fact]
    public async Task After_a_clean_stop_sequences_go_on_where_they_were()
    {
        await using var test = new TestJournal().Open();
        var first = test.Journal.Next;
        test.Append("t", "a");
        test.Append("t", "b");
        await test.RestartAsync();

        test.Journal.Next.ShouldBe(first + 2);
        test.ReadBack(first, first + 1).Select(Text).ShouldBe(["a", "b"]);
        test.Append("t", "c");
        await test.RestartAsync();
        test.ReadBack(first + 2).Select(Text).ShouldBe(["c"]);
    }

    [Fact]
    public async Task After_a_crash_no_sequence_is_given_that_anybody_may_have_seen()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        await test.KeptAsync(test.Append("t", "a"));
        for (var i = 0; i < 100; i++)
            test.Append("t", "seen live", Mqtt.QoS.AtMostOnce);
        var seen = test.Journal.Next;
        await test.KillAsync();

        test.Journal.Next.ShouldBeGreaterThan(seen + int.MaxValue);
        await test.KeptAsync(test.Append("t", "b"));
        var next = test.Journal.Next;
        await test.KillAsync();
        test.Journal.Next.ShouldBeGreaterThan(next);
        test.ReadBack(1, next - 1).Select(Text).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Events_that_were_not_routed_are_given_back_and_those_that_were_are_not()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        var first = test.Journal.Next;
        for (var i = 0; i < 5; i++)
            test.Append("t", $"{i}");
        test.Journal.Routed(first + 3);
        await test.KeptAsync(test.Append("t", "5"));
        await test.KeptAsync(test.Append("t", "6")); // only what is written behind the records of the routing says so
        await test.KillAsync();

        test.Journal.Recovered!.Unrouted.Select(Text).ShouldBe(["3", "4", "5", "6"]);
        // The start was cut short before they were routed: they come again.
        await test.KeptAsync(test.Append("t", "7"));
        await test.KillAsync();
        test.Journal.Recovered!.Unrouted.Select(Text).ShouldBe(["3", "4", "5", "6", "7"]);

        test.Journal.ForgetRecovered();
        await test.KeptAsync(test.Append("t", "8"));
        await test.KeptAsync(test.Append("t", "9"));
        await test.KillAsync();
        test.Journal.Recovered!.Unrouted.Select(Text).ShouldBe(["8", "9"]);
    }

    [Fact]
    public async Task Retained_messages_are_the_last_of_their_topic_unless_cleared()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        test.Append("a", "old", retain: true);
        test.Append("b", "gone", retain: true);
        test.Append("a", "not retained");
        test.Append("b", "", retain: true);
        test.Append("c", "3", Mqtt.QoS.AtMostOnce, retain: true);
        await test.KeptAsync(test.Append("a", "new", retain: true));
        await test.KillAsync();

        test.Journal.Recovered!.Retained.Select(@event => $"{@event.Topic}={Text(@event)}").Order().ShouldBe(["a=new", "c=3"]);
        await test.RestartAsync();
        test.Journal.Recovered!.Retained.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Events_and_records_come_back_in_the_order_in_which_they_were_appended()
    {
        await using var test = TestJournal.OnSimulatedDisk();
        test.Parts = [static () => new OrderedImage()];
        test.Open();
        var hold = test.Simulated.HoldSyncs();
        await test.StallAsync(hold); // so that all of them are of one batch
        test.AppendExactlyOnce(1, 7);
        test.Journal.AppendState(StatePart.Sessions, "released"u8);
        test.Journal.AppendState(StatePart.Sessions, "something"u8);
        test.AppendExactlyOnce(1, 7);
        var last = test.Journal.AppendState(StatePart.Sessions, "end"u8);
        hold.Release();
        await test.KeptAsync(last);
        await test.KillAsync();

        ((OrderedImage)test.Journal.Recovered!.Image(StatePart.Sessions)).Seen.ShouldBe(["1:7", "released", "something", "1:7", "end"]);
    }

    [Fact]
    public async Task State_comes_back_through_segments_and_snapshots()
    {
        await using var test = new TestJournal { Settings = new() { SegmentBytes = 1 << 20, MaxBytes = 4 << 20, MaxAge = TimeSpan.Zero } };
        test.Open();
        test.Append("kept", "through all", retain: true);
        List<string> records = [];
        for (var i = 0; i < 400; i++)
        {
            records.Add($"record {i}");
            test.Journal.AppendState(StatePart.Sessions, Encoding.UTF8.GetBytes(records[^1]));
            await test.KeptAsync(test.Append("filler", new string('x', 30_000)));
            test.Journal.Routed(test.Journal.Next);
            if (i == 200)
                await test.RestartAsync();
        }
        await test.RestartAsync();

        var image = (RecordList)test.Journal.Recovered!.Image(StatePart.Sessions);
        image.Records.ShouldBe(records);
        test.Journal.Recovered!.Retained.Select(Text).ShouldBe(["through all"]);
        test.Journal.OldestKept.ShouldBeGreaterThan(100, "nothing was dropped: the snapshot was not needed");
        test.ReadBack(1).ShouldBe([null]);
    }

    [Fact]
    public async Task A_data_directory_belongs_to_one_process()
    {
        await using var test = new TestJournal().Open();
        Should.Throw<DataDirectoryInUseException>(() => new DataDirectory(test.Disk, test.Path));
    }

    [Fact]
    public async Task What_is_appended_after_the_end_is_refused()
    {
        var test = new TestJournal().Open();
        var journal = test.Journal;
        var late = test.Events.Of("t");
        await test.DisposeAsync();
        journal.TryAppend(late, out _).ShouldBe(AppendResult.Refused);
    }

    private static string Text(Core.Events.Event? @event) => Encoding.UTF8.GetString(@event!.Payload);
}
