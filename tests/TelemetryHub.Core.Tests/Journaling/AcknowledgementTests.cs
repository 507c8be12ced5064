using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Log;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Journaling;

public sealed class AcknowledgementTests
{
    [Fact]
    public async Task Synced_is_kept_only_once_the_disk_has_it()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        var hold = test.Simulated.HoldSyncs();
        var ticket = test.Append("t");
        var waiter = new RecordingWaiter();
        test.Journal.WaitUntilKept(ticket, waiter).ShouldBeTrue();
        await hold.Reached;

        test.Journal.State(ticket).ShouldBe(KeptState.Pending);
        hold.Release();
        await waiter.Kept;
        test.Journal.State(ticket).ShouldBe(KeptState.Kept);
    }

    [Fact]
    public async Task What_comes_while_the_disk_syncs_shares_the_next_sync()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        var hold = test.Simulated.HoldSyncs();
        var first = test.Append("t");
        test.Journal.WaitUntilKept(first, new RecordingWaiter());
        await hold.Reached;
        var before = test.Journal.Health.Syncs;
        var tickets = Enumerable.Range(0, 1_000).Select(i => test.Append("t", $"{i}")).ToList();
        hold.Release();
        await test.KeptAsync(tickets[^1]);

        tickets.ShouldAllBe(ticket => test.Journal.State(ticket) == KeptState.Kept);
        (test.Journal.Health.Syncs - before).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task The_level_is_the_first_filters_that_matches()
    {
        await using var test = TestJournal.OnSimulatedDisk();
        test.Settings = new()
        {
            SegmentBytes = 1 << 20,
            Acknowledge = new AcknowledgeLevels(
                AcknowledgeLevel.Synced,
                [(TopicFilter.Parse("fast/slow"), AcknowledgeLevel.Flushed), (TopicFilter.Parse("fast/#"), AcknowledgeLevel.Memory)]),
        };
        test.Open();
        var hold = test.Simulated.HoldSyncs();
        var memory = test.Append("fast/x");
        var flushed = test.Append("fast/slow");
        var synced = test.Append("x");

        test.Journal.State(memory).ShouldBe(KeptState.Kept);
        await test.KeptAsync(flushed);
        test.Journal.State(synced).ShouldBe(KeptState.Pending);
        hold.Release();
        await test.KeptAsync(synced);
    }

    [Fact]
    public async Task Nobody_waits_for_QoS_0_but_it_is_written_all_the_same()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        var ticket = test.Append("t", "free", QoS.AtMostOnce);
        test.Journal.State(ticket).ShouldBe(KeptState.Kept);
        await test.KeptAsync(test.Append("t"));
        await test.KillAsync();

        test.ReadBack(1).Single()!.Payload.ShouldBe("free"u8.ToArray());
    }

    [Fact]
    public async Task A_record_of_state_is_kept_with_what_was_appended_before_it()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        var hold = test.Simulated.HoldSyncs();
        var ticket = test.Append("t");
        var record = test.Journal.AppendState(StatePart.Sessions, "one"u8);
        record.ShouldBeGreaterThan(ticket);
        test.Journal.State(record).ShouldBe(KeptState.Pending);
        hold.Release();
        await test.KeptAsync(record);
        test.Journal.State(ticket).ShouldBe(KeptState.Kept);
    }

    [Fact]
    public async Task A_disk_that_fails_is_left_alone_for_a_while_whoever_waits()
    {
        await using var test = TestJournal.OnSimulatedDisk();
        test.Settings = new() { SegmentBytes = 1 << 20, RetryDelay = TimeSpan.FromHours(1) };
        var journal = test.Open().Journal;
        test.Simulated.FailsSyncs = true;
        var waiter = new RecordingWaiter();
        if (journal.WaitUntilKept(test.Append("t"), waiter))
            await waiter.Kept;
        for (var i = 0; i < 10_000; i++)
            journal.WaitUntilKept(journal.AppendState(StatePart.Sessions, "waits"u8), new RecordingWaiter()).ShouldBeTrue();
        await journal.DisposeAsync();

        journal.Health.Failures.ShouldBe(2, "once when it failed, and once at the end: perhaps it is back");
    }

    [Fact]
    public async Task Who_waits_for_a_disk_that_stands_still_is_called_when_it_has_been_long_enough()
    {
        await using var test = TestJournal.OnSimulatedDisk();
        test.Settings = new() { SegmentBytes = 1 << 20, LiveOnlyAfter = TimeSpan.FromMilliseconds(50) };
        test.Open();
        var hold = test.Simulated.HoldSyncs();
        await test.StallAsync(hold);
        while (test.Journal.TryAppend(test.Events.OfSize(4 << 20, QoS.AtLeastOnce), out _) == AppendResult.Appended)
            test.Journal.Routed(test.Journal.Next);
        var waiter = new RecordingWaiter();
        test.Journal.WaitForSpace(waiter).ShouldBeTrue();
        await waiter.Space;

        test.Append("live", "without history", QoS.AtMostOnce);
        test.Journal.Health.EventsNotWritten.ShouldBe(1);
        test.Journal.TryAppend(test.Events.Of("t"), out _).ShouldBe(AppendResult.Full, "somebody waits for that one");
        hold.Release();
    }

    [Fact]
    public async Task Publishers_wait_as_well_when_it_is_records_that_the_disk_does_not_take()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        var hold = test.Simulated.HoldSyncs();
        await test.StallAsync(hold);
        for (var i = 0; i < 64; i++)
            test.Journal.AppendState(StatePart.Sessions, new byte[1 << 20]);
        var waiter = new RecordingWaiter();

        test.Journal.TryAppend(test.Events.Of("t"), out _).ShouldBe(AppendResult.Full);
        test.Journal.WaitForSpace(waiter).ShouldBeTrue();
        hold.Release();
        await waiter.Space;
        await test.KeptAsync(test.Append("t"));
        test.Journal.Health.StateLost.ShouldBe(0);
    }

    [Fact]
    public async Task A_record_that_finds_no_room_is_refused_at_once()
    {
        await using var test = TestJournal.OnSimulatedDisk().Open();
        var hold = test.Simulated.HoldSyncs();
        await test.StallAsync(hold);
        for (var i = 0; i < 128; i++)
            test.Journal.State(test.Journal.AppendState(StatePart.Sessions, new byte[1 << 20])).ShouldBe(KeptState.Pending);

        var lost = test.Journal.AppendState(StatePart.Sessions, [1]);

        test.Journal.State(lost).ShouldBe(KeptState.Refused);
        test.Journal.WaitUntilKept(lost, new RecordingWaiter()).ShouldBeFalse();
        test.Journal.Health.StateLost.ShouldBe(1);
        _ = test.Simulated.Restart(); // killed: what waits need not be written
        hold.Release();
    }
}
