using TelemetryHub.Broker.Links;

namespace TelemetryHub.Broker.Tests.Links;

public class PipeLinkWritingTests
{
    [Fact]
    public async Task A_wake_from_any_thread_sends_what_waits()
    {
        await using var test = new LinkUnderTest();
        test.Handler.Waiting.Enqueue([1, 2, 3]);
        test.Link.Wake();
        (await test.ReceiveAsync(3)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_wake_before_the_start_is_not_lost()
    {
        await using var test = new LinkUnderTest(beforeRun: (link, handler) =>
        {
            handler.Waiting.Enqueue([7]);
            link.Wake();
        });
        (await test.ReceiveAsync(1)).ShouldBe([7]);
    }

    [Fact]
    public async Task Nothing_is_encoded_for_a_peer_that_does_not_read()
    {
        await using var test = new LinkUnderTest(new PipePair(pauseWriterBytes: 1000));
        test.Link.BlockedSince.ShouldBe(0);
        await BlockAsync(test);

        long before = Environment.TickCount64;
        test.Link.BlockedSince.ShouldBeInRange(1, before);
        int fills = test.Handler.Fills;
        test.Handler.Waiting.Enqueue([2]);
        test.Link.Wake();
        await test.OwnerAsync();
        test.Handler.Fills.ShouldBe(fills);

        await test.ReceiveAsync(2000);
        (await test.ReceiveAsync(1)).ShouldBe([2]);
        await test.OwnerAsync();
        test.Link.BlockedSince.ShouldBe(0);
    }

    [Fact]
    public async Task More_than_a_budget_goes_out_in_several_fills()
    {
        await using var test = new LinkUnderTest();
        byte[][] chunks = [.. Enumerable.Range(0, 300).Select(i => Enumerable.Repeat((byte)i, 1000).ToArray())];
        foreach (byte[] chunk in chunks) test.Handler.Waiting.Enqueue(chunk);
        test.Link.Wake();
        (await test.ReceiveAsync(300_000)).ShouldBe([.. chunks.SelectMany(chunk => chunk)]);
        await test.OwnerAsync();
        test.Handler.Fills.ShouldBeInRange(5, 6);
    }

    [Fact]
    public async Task The_last_bytes_go_out_before_the_link_closes()
    {
        await using var test = new LinkUnderTest(new PipePair(pauseWriterBytes: 1000));
        test.Handler.CloseWhenEmpty = true;
        test.Handler.Waiting.Enqueue(new byte[1500]);
        test.Link.Wake();
        await test.OwnerAsync();
        test.Ended.IsCompleted.ShouldBeFalse();

        await test.ReceiveAsync(1500);
        (await test.Ended).ShouldBe(LinkEnd.Closed);
        (await test.Peer.Input.ReadAsync(TestContext.Current.CancellationToken)).IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_handed_over_once_the_handler_closed()
    {
        await using var test = new LinkUnderTest(new PipePair(pauseWriterBytes: 1000));
        test.Handler.CloseWhenEmpty = true;
        await BlockAsync(test);
        await test.SendAsync(RecordingHandler.Packet([1]));
        await test.OwnerAsync();
        await test.ReceiveAsync(2000);
        (await test.Ended).ShouldBe(LinkEnd.Closed);
        test.Handler.HasPacket.ShouldBeFalse();
    }

    [Fact]
    public async Task Wakes_posts_and_packets_from_everywhere_never_overlap()
    {
        await using var test = new LinkUnderTest();
        const int Each = 5000;
        int posted = 0;
        Task waking = Parallel.ForAsync(0, 4, async (worker, _) =>
        {
            await Task.Yield();
            for (int i = 0; i < Each; i++)
            {
                test.Handler.Waiting.Enqueue([(byte)worker]);
                test.Link.Wake();
                if (i % 10 == 0) test.Link.Post(() => posted++);
            }
        });
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++) await test.SendAsync(RecordingHandler.Packet([(byte)i]));
        }, TestContext.Current.CancellationToken);
        byte[] received = await test.ReceiveAsync(4 * Each);
        await Task.WhenAll(waking, sending);
        for (int i = 0; i < Each; i++) (await test.Handler.NextAsync()).ShouldBe([(byte)i]);
        received.CountBy(worker => worker).ShouldAllBe(count => count.Value == Each);
        await test.OwnerAsync(() => posted.ShouldBe(4 * Each / 10));
    }

    [Fact]
    public async Task Posted_actions_run_in_order()
    {
        await using var test = new LinkUnderTest();
        var order = new List<int>();
        for (int i = 0; i < 100; i++)
        {
            int number = i;
            test.Link.Post(() => order.Add(number));
        }

        await test.OwnerAsync();
        order.ShouldBe(Enumerable.Range(0, 100));
    }

    /// <summary>Fills until a flush is stuck.</summary>
    private static async Task BlockAsync(LinkUnderTest test)
    {
        test.Handler.Waiting.Enqueue(new byte[2000]);
        test.Link.Wake();
        await test.OwnerAsync();
        await test.OwnerAsync();
    }
}
