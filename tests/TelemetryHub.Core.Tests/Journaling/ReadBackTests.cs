using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Log;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Tests.Journaling;

public sealed class ReadBackTests
{
    private const int TailEvents = 16;

    [Fact]
    public async Task What_the_tail_has_let_go_of_is_read_back_also_while_the_disk_has_not_taken_it()
    {
        await using var test = OnSmallTail();
        var (first, hold) = (test.Journal.Next, test.Simulated.HoldSyncs());
        await test.StallAsync(hold);
        AppendRouted(test, 100);
        test.Journal.Oldest.ShouldBeGreaterThan(first + 50);

        Sequences(test, first).ShouldBe(Through(first, test.Journal.Next));
        hold.Release();
        await test.KeptAsync(test.Append("t"));
        Sequences(test, first).ShouldBe(Through(first, test.Journal.Next));
    }

    [Fact]
    public async Task What_the_disk_refused_is_not_read_back_once_the_tail_has_let_go_of_it()
    {
        await using var test = OnSmallTail();
        var (first, hold) = (test.Journal.Next, test.Simulated.HoldSyncs());
        await test.StallAsync(hold);
        AppendRouted(test, 100);
        test.Simulated.FailsSyncs = true;
        var last = test.Append("t");
        hold.Release();
        var waiter = new RecordingWaiter();
        if (test.Journal.WaitUntilKept(last, waiter))
            await waiter.Kept;

        test.Journal.State(last).ShouldBe(KeptState.Refused);
        test.ReadBack(Through(first + 1, test.Journal.Oldest)).ShouldAllBe(@event => @event == null);
    }

    private static TestJournal OnSmallTail()
    {
        var test = TestJournal.OnSimulatedDisk();
        test.Settings = new() { SegmentBytes = 1 << 20, Tail = new() { MaxEvents = TailEvents } };
        return test.Open();
    }

    private static void AppendRouted(TestJournal test, int count)
    {
        for (var i = 0; i < count; i++)
        {
            test.Append("t", $"{i}", QoS.AtMostOnce);
            test.Journal.Routed(test.Journal.Next);
        }
    }

    private static IEnumerable<long> Sequences(TestJournal test, long first) =>
        test.ReadBack(Through(first, test.Journal.Next)).Select(@event => @event.ShouldNotBeNull().Sequence);

    private static IEnumerable<long> Through(long first, long end) => Enumerable.Range(0, (int)(end - first)).Select(i => first + i);
}
