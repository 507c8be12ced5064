using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Events;

namespace TelemetryHub.Core.Tests.Log;

/// <summary>What every log promises. Each implementation's test class derives from it.</summary>
public abstract partial class LogContract : IAsyncDisposable
{
    private readonly SampleEvents _events = new();
    private readonly List<ILog> _opened = [];

    /// <summary>Opens an empty log with these bounds.</summary>
    protected abstract ValueTask<ILog> OpenAsync(TailOptions bounds);

    /// <summary>Done when everything that was appended before can be read: a log may take its time to give an event its sequence.</summary>
    protected virtual Task SettleAsync(ILog log) => Task.CompletedTask;

    [Fact]
    public async Task A_new_log_has_nothing_to_read()
    {
        var log = await OpenedAsync();
        log.Oldest.ShouldBe(log.Next);
        Read(log, log.Next).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_appended_is_read_in_order_under_consecutive_sequences()
    {
        var log = await OpenedAsync();
        var first = log.Next;
        var appended = await AppendAsync(log, 20);

        log.Next.ShouldBe(first + 20);
        Read(log, first).ShouldBe(appended);
        appended.Select(@event => @event.Sequence).ShouldBe(Enumerable.Range(0, 20).Select(i => first + i));
    }

    [Fact]
    public async Task Tickets_grow_in_the_order_of_the_appends()
    {
        var log = await OpenedAsync();
        var last = long.MinValue;
        for (var i = 0; i < 20; i++)
        {
            log.TryAppend(_events.Of("t"), out var ticket).ShouldBe(AppendResult.Appended);
            ticket.ShouldBeGreaterThan(last);
            last = ticket;
        }
    }

    [Fact]
    public async Task An_event_that_could_be_kept_is_kept_and_then_nobody_is_called_any_more()
    {
        var log = await OpenedAsync();
        var waiter = new RecordingWaiter();
        log.TryAppend(_events.Of("t"), out var ticket).ShouldBe(AppendResult.Appended);

        if (log.WaitUntilKept(ticket, waiter))
            await waiter.Kept;
        log.State(ticket).ShouldBe(KeptState.Kept);
        log.WaitUntilKept(ticket, waiter).ShouldBeFalse();
    }

    [Fact]
    public async Task Reading_starts_anywhere_and_stops_at_the_end_of_the_span_or_of_the_log()
    {
        var log = await OpenedAsync();
        var first = log.Next;
        var appended = await AppendAsync(log, 10);

        Read(log, first + 3, 4).ShouldBe(appended[3..7]);
        Read(log, first + 8, 4).ShouldBe(appended[8..]);
        Read(log, first + 3, 0).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    [InlineData(1L << 32)]
    [InlineData((1L << 32) + 3)]
    [InlineData(long.MaxValue - 1)]
    [InlineData(long.MaxValue)]
    public async Task A_sequence_outside_the_log_reads_nothing(long sequence)
    {
        // Sequences come from cursors, and those from strangers.
        var log = await OpenedAsync();
        await AppendAsync(log, 3);
        Read(log, sequence).ShouldBeEmpty();
        Read(log, log.Next).ShouldBeEmpty();
        Read(log, log.Next + 1).ShouldBeEmpty();
        Read(log, log.Oldest - 1).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_routed_is_never_dropped_but_fills_the_log()
    {
        var log = await OpenedAsync(new TailOptions { MaxEvents = 16 });
        var first = log.Next;
        var appended = AppendUntilFull(log);
        await SettleAsync(log);

        appended.Count.ShouldBeInRange(1, 16);
        log.Oldest.ShouldBeLessThanOrEqualTo(first);
        Read(log, first).ShouldBe(appended);
    }

    [Fact]
    public async Task What_is_not_routed_fills_the_log_by_its_bytes_too()
    {
        var log = await OpenedAsync(new TailOptions { MaxEvents = 1024, MaxBytes = 10_000 });
        var first = log.Next;
        var appended = AppendUntilFull(log, 1_000);
        await SettleAsync(log);

        appended.Count.ShouldBeInRange(1, 10);
        Read(log, first).ShouldBe(appended);
    }

    [Fact]
    public async Task An_event_larger_than_the_log_is_let_in_when_nothing_waits_before_it()
    {
        var log = await OpenedAsync(new TailOptions { MaxEvents = 16, MaxBytes = 1_000 });
        for (var round = 0; round < 3; round++)
        {
            var large = _events.OfSize(5_000);
            log.TryAppend(large, out _).ShouldBe(AppendResult.Appended);
            log.TryAppend(_events.Of("t"), out _).ShouldBe(AppendResult.Full);
            await SettleAsync(log);
            Read(log, log.Next - 1).ShouldBe([large]);
            log.Routed(log.Next);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _opened)
        {
            if (log is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
        }
    }

    private protected static List<Event> Read(ILog log, long from, int atMost = 100)
    {
        var into = new Event[atMost];
        return [.. into[..log.Read(from, into)]];
    }

    private protected async Task<ILog> OpenedAsync(TailOptions? bounds = null)
    {
        _opened.Add(await OpenAsync(bounds ?? new TailOptions { MaxEvents = 64, MaxBytes = 1 << 20 }));
        return _opened[^1];
    }

    private async Task<List<Event>> AppendAsync(ILog log, int count)
    {
        List<Event> appended = [.. Enumerable.Range(0, count).Select(i => _events.Of("t", $"{i}"))];
        foreach (var @event in appended)
            log.TryAppend(@event, out _).ShouldBe(AppendResult.Appended);
        await SettleAsync(log);
        return appended;
    }

    private List<Event> AppendUntilFull(ILog log, int eventBytes = 200)
    {
        List<Event> appended = [];
        for (var next = _events.OfSize(eventBytes); log.TryAppend(next, out _) != AppendResult.Full; next = _events.OfSize(eventBytes))
            appended.Add(next);
        return appended;
    }
}
