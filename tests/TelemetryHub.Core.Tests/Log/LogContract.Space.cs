using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Log;

public abstract partial class LogContract
{
    [Fact]
    public async Task Nobody_waits_for_space_that_is_there()
    {
        var log = await OpenedAsync();
        var waiter = new RecordingWaiter();
        log.WaitForSpace(waiter).ShouldBeFalse();
        await AppendAsync(log, 3);
        log.Routed(log.Next);
        waiter.SpaceCalls.ShouldBe(0);
    }

    [Fact]
    public async Task Routing_makes_space_and_calls_each_waiter_once()
    {
        var log = await OpenedAsync(new TailOptions { MaxEvents = 16 });
        AppendUntilFull(log);
        await SettleAsync(log);
        var waiters = Enumerable.Range(0, 5).Select(_ => new RecordingWaiter()).ToArray();
        waiters.ShouldAllBe(waiter => log.WaitForSpace(waiter));

        log.Routed(log.Next - 1);
        await Task.WhenAll(waiters.Select(waiter => waiter.Space));
        log.TryAppend(_events.Of("t"), out _).ShouldBe(AppendResult.Appended);
        await SettleAsync(log);
        log.Routed(log.Next);
        waiters.ShouldAllBe(waiter => waiter.SpaceCalls == 1);
    }

    [Fact]
    public async Task A_routed_position_behind_an_earlier_one_changes_nothing()
    {
        var log = await OpenedAsync(new TailOptions { MaxEvents = 16 });
        var first = log.Next;
        var routed = AppendUntilFull(log).Count;
        await SettleAsync(log);
        log.Routed(log.Next);
        log.Routed(first);

        AppendUntilFull(log).Count.ShouldBe(routed);
    }

    [Fact]
    public async Task Concurrent_appenders_share_one_order_without_a_gap_and_each_keeps_its_own()
    {
        const int Appenders = 4, PerAppender = 5_000;
        var log = await OpenedAsync(new TailOptions { MaxEvents = 256, MaxBytes = 1 << 16 });
        var first = log.Next;
        var follower = new LogFollower(log);
        var stop = TestContext.Current.CancellationToken;
        var tickets = await Task.WhenAll(Enumerable.Range(0, Appenders)
            .Select(appender => Task.Run(() => AppendAllAsync(log, follower, appender, PerAppender), stop)));
        await SettleAsync(log);
        follower.Follow();

        follower.Seen.Select(seen => seen.Sequence).ShouldBe(Enumerable.Range(0, Appenders * PerAppender).Select(i => first + i));
        for (var appender = 0; appender < Appenders; appender++)
        {
            var own = follower.Seen.Where(seen => seen.Publisher == $"{appender}").Select(seen => seen.Payload);
            own.ShouldBe(Enumerable.Range(0, PerAppender).Select(i => $"{i}"));
            tickets[appender].ShouldBe(tickets[appender].Order());
        }
        tickets.SelectMany(own => own).Distinct().Count().ShouldBe(Appenders * PerAppender);
    }

    private async Task<List<long>> AppendAllAsync(ILog log, LogFollower follower, int appender, int count)
    {
        List<long> tickets = [];
        for (var i = 0; i < count; i++)
        {
            var @event = _events.Of("t", $"{i}", publisher: $"{appender}");
            long ticket;
            while (log.TryAppend(@event, out ticket) == AppendResult.Full)
            {
                follower.Follow();
                var waiter = new RecordingWaiter();
                if (log.WaitForSpace(waiter))
                    await waiter.Space;
            }
            tickets.Add(ticket);
            if (i % 7 == appender)
                follower.Follow();
        }
        follower.Follow();
        return tickets;
    }
}
