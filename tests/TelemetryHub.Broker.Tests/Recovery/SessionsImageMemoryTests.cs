using System.Diagnostics;
using TelemetryHub.Broker.Recovery;
using TelemetryHub.Broker.Tests.Load;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Broker.Tests.Recovery;

[Collection(nameof(Alone))]
public class SessionsImageMemoryTests
{
    private const int Many = 1_000_000;

    [Fact]
    public void A_million_queued_deliveries_cost_at_most_40_megabytes_and_nothing_when_they_are_settled()
    {
        var image = new SessionsImage();
        var journal = new SessionJournal(new ApplyingLog(image));
        journal.Opened(1, new("away", null), 60, 10, isNew: true, will: null);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Many; i++)
            journal.Delivered(1, i, (1L << 32) + i, SampleRoutes.All[i % SampleRoutes.All.Length]);
        var queued = GC.GetTotalMemory(forceFullCollection: true) - before;
        for (var i = 0; i < Many; i++)
            journal.Settled(1, i);
        var settled = GC.GetTotalMemory(forceFullCollection: true) - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{queued / 1e6:F1} MB queued, {settled / 1e6:F1} MB settled");
        queued.ShouldBeLessThanOrEqualTo(20 << 20);
        settled.ShouldBeLessThanOrEqualTo(1 << 20);
        image.Sessions.Single().DeliveryCount.ShouldBe(0);
    }

    [Fact]
    public void A_client_that_never_acknowledges_some_does_not_keep_the_memory_of_the_others()
    {
        var image = new SessionsImage();
        var journal = new SessionJournal(new ApplyingLog(image));
        journal.Opened(1, new("picky", null), 60, 1000, isNew: true, will: null);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Many; i++)
        {
            journal.Delivered(1, i, i, SampleRoutes.All[0]);
            if (i % 1000 != 0)
                journal.Settled(1, i);
        }
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;

        kept.ShouldBeLessThanOrEqualTo(1 << 20);
        image.Sessions.Single().DeliveryCount.ShouldBe(Many / 1000);
    }

    [Fact]
    public void Recording_and_applying_what_comes_with_every_message_allocates_nothing()
    {
        var image = new SessionsImage();
        var journal = new SessionJournal(new ApplyingLog(image));
        journal.Opened(1, new("busy", null), 60, 10, isNew: true, will: null);
        Pass(journal, 0, 100);
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(journal, 100, Many);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{(4 * Many) / clock.Elapsed.TotalSeconds / 1e6:F1} million records/s");
        allocated.ShouldBeLessThan(10_000);
    }

    private static void Pass(SessionJournal journal, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            journal.Delivered(1, i, i, SampleRoutes.All[i % SampleRoutes.All.Length]);
            journal.Released(1, i);
            journal.PublishReleased(1, 7);
            journal.Settled(1, i);
        }
    }

    /// <summary>Every record is applied at once.</summary>
    private sealed class ApplyingLog(SessionsImage image) : ILog
    {
        public long Next => 1;

        public long Oldest => 1;

        public bool KeepsEvents => true;

        public long OldestKept => 1;

        public long RoutedUpTo => 1;

        public long AppendState(StatePart part, ReadOnlySpan<byte> record)
        {
            image.Apply(record);
            return 0;
        }

        public AppendResult TryAppend(Event @event, out long ticket) => throw new NotSupportedException();

        public KeptState State(long ticket) => KeptState.Kept;

        public bool WaitUntilKept(long ticket, ILogWaiter waiter) => false;

        public bool WaitForSpace(ILogWaiter waiter) => false;

        public int Read(long sequence, Span<Event> into) => 0;

        public void ReadBack(ReadOnlySpan<long> sequences, Span<Event?> into) => throw new NotSupportedException();

        public void Routed(long sequence) => throw new NotSupportedException();
    }
}
