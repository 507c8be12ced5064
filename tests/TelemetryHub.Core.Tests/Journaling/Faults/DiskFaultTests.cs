using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Core.Tests.Log;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Tests.Journaling.Faults;

/// <summary>The disk is full, fails or turns read-only while the hub runs, and comes back.</summary>
public sealed class DiskFaultTests : IAsyncDisposable
{
    private static readonly string Large = new('x', 5_000);

    private readonly TestJournal _test = TestJournal.OnSimulatedDisk();

    public DiskFaultTests()
    {
        _test.Settings = new JournalSettings { SegmentBytes = 16 << 10, RetryDelay = TimeSpan.FromMilliseconds(5) };
        _test.Open();
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Theory]
    [InlineData(DiskFault.Full, "No space left")]
    [InlineData(DiskFault.FailingSyncs, "Input/output error")]
    [InlineData(DiskFault.ReadOnly, "Read-only")]
    public async Task What_cannot_be_kept_is_refused_and_what_nobody_waits_for_goes_on_live(DiskFault fault, string problem)
    {
        await BreakAsync(fault);

        _test.Journal.Health.Problem.ShouldNotBeNull().ShouldContain(problem);
        _test.Journal.Health.Failures.ShouldBeGreaterThan(0);
        _test.Journal.TryAppend(_test.Events.Of("t", "durable"), out _).ShouldBe(AppendResult.Refused);
        var next = _test.Journal.Next;
        _test.Append("t", "live", QoS.AtMostOnce);
        var read = new Event[1];
        _test.Journal.Read(next, read).ShouldBe(1);
        read[0].Payload.ShouldBe("live"u8.ToArray());
    }

    [Theory]
    [InlineData(DiskFault.Full)]
    [InlineData(DiskFault.FailingSyncs)]
    [InlineData(DiskFault.ReadOnly)]
    public async Task When_the_disk_is_back_everything_is_kept_again_and_the_state_of_the_meantime_too(DiskFault fault)
    {
        await BreakAsync(fault);
        var record = _test.Journal.AppendState(StatePart.Sessions, "meanwhile"u8);
        _test.Journal.State(record).ShouldBe(KeptState.Pending);

        _test.Simulated.End();
        await _test.KeptAsync(record);
        _test.Journal.Health.Problem.ShouldBeNull();
        await _test.KeptAsync(_test.Append("t", "after"));

        await CutPowerAsync();
        Records().ShouldBe(["before", "meanwhile"]);
        LogReading.Of(_test.Journal).Events.Select(@event => @event.Payload.Length).ShouldContain("after".Length);
    }

    [Theory]
    [InlineData(DiskFault.Full)]
    [InlineData(DiskFault.FailingSyncs)]
    [InlineData(DiskFault.ReadOnly)]
    public async Task A_reader_is_told_exactly_how_many_events_the_disk_did_not_take(DiskFault fault)
    {
        await BreakAsync(fault);
        for (var i = 0; i < 3; i++)
            _test.Append("t", $"live {i}", QoS.AtMostOnce);
        _test.Simulated.End();
        await _test.KeptAsync(_test.Journal.AppendState(StatePart.Sessions, "back"u8));
        await _test.KeptAsync(_test.Append("t", "after"));

        AllIsReadOrMissing(GapReason.NotWritten).ShouldBe(_test.Journal.Health.EventsNotWritten);
        await _test.RestartAsync();
        AllIsReadOrMissing(GapReason.NotWritten).ShouldBeGreaterThanOrEqualTo(3);
    }

    [Theory]
    [InlineData(DiskFault.Full)]
    [InlineData(DiskFault.FailingSyncs)]
    [InlineData(DiskFault.ReadOnly)]
    public async Task A_stop_while_the_disk_fails_ends_and_loses_nothing_that_was_kept(DiskFault fault)
    {
        var kept = _test.Journal.Next;
        await BreakAsync(fault);
        _test.Append("t", "live", QoS.AtMostOnce);
        var shown = _test.Journal.Next;
        await _test.StopAsync();
        _test.Simulated.End();
        _test.Open();

        LogReading.Of(_test.Journal).Events.Count.ShouldBeGreaterThanOrEqualTo((int)kept);
        Records().ShouldBe(["before"]);
        _test.Journal.Next.ShouldBeGreaterThanOrEqualTo(shown, "no sequence is given twice");
    }

    [Fact]
    public async Task A_disk_that_stands_still_delays_what_is_durable_and_says_so()
    {
        var hold = _test.Simulated.HoldSyncs();
        var waiter = new RecordingWaiter();
        var ticket = _test.Append("t");
        _test.Journal.WaitUntilKept(ticket, waiter).ShouldBeTrue();
        await hold.Reached;

        _test.Append("t", "live", QoS.AtMostOnce);
        var behind = _test.Append("t");
        SpinWait.SpinUntil(() => _test.Journal.Health.Problem is not null, TimeSpan.FromSeconds(10)).ShouldBeTrue("it is slow as soon as the retry delay is over");
        _test.Journal.Health.Problem.ShouldNotBeNull().ShouldContain("has not answered");
        _test.Journal.State(ticket).ShouldBe(KeptState.Pending);

        hold.Release();
        await waiter.Kept;
        await _test.KeptAsync(behind);
        _test.Journal.State(ticket).ShouldBe(KeptState.Kept);
        LogReading.Of(_test.Journal).ShouldSatisfyAllConditions(all => all.Gaps.ShouldBeEmpty(), all => all.Events.Count.ShouldBe(3));
    }

    [Fact]
    public void A_disk_that_is_full_at_the_start_is_a_failure_to_start()
    {
        var disk = new SimulatedDisk { FreeBytes = 1_000 };
        var test = new TestJournal { Disk = disk };
        Should.Throw<IOException>(test.Open).Message.ShouldContain("No space left");
    }

    // Something is kept, then the disk fails, and a publish was refused for it.
    private async Task BreakAsync(DiskFault fault)
    {
        _test.Append("t", "first", QoS.AtMostOnce);
        await _test.KeptAsync(_test.Append("t", "kept"));
        await _test.KeptAsync(_test.Journal.AppendState(StatePart.Sessions, "before"u8));
        _test.Simulated.Begin(fault);
        for (var state = KeptState.Kept; state == KeptState.Kept;)
        {
            var ticket = _test.Append("t", Large);
            var waiter = new RecordingWaiter();
            if (_test.Journal.WaitUntilKept(ticket, waiter))
                await waiter.Kept;
            state = _test.Journal.State(ticket);
            state.ShouldNotBe(KeptState.Pending);
        }
    }

    private async Task CutPowerAsync()
    {
        var left = PowerCut.After(_test.Simulated, _test.Simulated.Position, seed: 0);
        await _test.StopAsync();
        _test.Disk = left;
        _test.Open();
    }

    private long AllIsReadOrMissing(GapReason reason)
    {
        var all = LogReading.Of(_test.Journal);
        all.Gaps.ShouldAllBe(gap => gap.Reason == reason);
        (all.Events.Count + all.Missing(reason)).ShouldBe(_test.Journal.Next - 1);
        all.Events[^1].Payload.ShouldBe("after"u8.ToArray());
        return all.Missing(reason);
    }

    private List<string> Records() => ((RecordList)_test.Journal.Recovered!.Image(StatePart.Sessions)).Records;
}
