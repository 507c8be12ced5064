using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Reactors;

namespace TelemetryHub.Broker.Tests.Links;

public class PipeLinkReadingTests
{
    [Fact]
    public async Task A_packet_reaches_the_handler_whole_however_it_is_cut()
    {
        await using var test = new LinkUnderTest();
        byte[] packet = RecordingHandler.Packet("temperature"u8);
        for (int cut = 1; cut < packet.Length; cut++)
        {
            await test.SendAsync(packet[..cut]);
            await test.SendAsync(packet[cut..]);
            (await test.Handler.NextAsync()).ShouldBe("temperature"u8.ToArray());
        }
    }

    [Fact]
    public async Task Packets_across_segments_arrive_in_order_and_unharmed()
    {
        await using var test = new LinkUnderTest(new PipePair(segmentBytes: 16));
        var random = new Random(7);
        byte[][] bodies = [.. Enumerable.Range(0, 500).Select(_ => Bytes(random, random.Next(0, 90)))];
        byte[] all = [.. bodies.SelectMany(body => RecordingHandler.Packet(body))];
        Task sending = Task.Run(async () =>
        {
            for (int at = 0; at < all.Length;)
            {
                int length = Math.Min(random.Next(1, 200), all.Length - at);
                await test.SendAsync(all[at..(at + length)]);
                at += length;
            }
        }, TestContext.Current.CancellationToken);
        foreach (byte[] body in bodies) (await test.Handler.NextAsync()).ShouldBe(body);
        await sending;
    }

    [Fact]
    public async Task A_packet_of_a_megabyte_is_not_handed_over_again_and_again()
    {
        await using var test = new LinkUnderTest();
        byte[] body = Bytes(new Random(1), 1024 * 1024);
        byte[] packet = RecordingHandler.Packet(body);
        for (int at = 0; at < packet.Length; at += 4096)
            await test.SendAsync(packet[at..Math.Min(at + 4096, packet.Length)]);

        (await test.Handler.NextAsync()).ShouldBe(body);
        await test.OwnerAsync(() => test.Handler.BytesSeen.ShouldBeLessThan(packet.Length + 16 * 1024));
    }

    [Fact]
    public async Task A_paused_link_leaves_the_rest_and_hands_it_over_on_resumption()
    {
        await using var test = new LinkUnderTest();
        var paused = new TaskCompletionSource();
        bool open = false;
        test.Handler.OnPacket = body =>
        {
            if (body[0] != 2 || open) return true;
            test.Link.PauseReading();
            paused.SetResult();
            return false;
        };
        await test.SendAsync([.. RecordingHandler.Packet([1]), .. RecordingHandler.Packet([2]), .. RecordingHandler.Packet([3])]);
        (await test.Handler.NextAsync()).ShouldBe([1]);
        await paused.Task;
        await test.SendAsync(RecordingHandler.Packet([4]));
        await test.OwnerAsync();
        test.Handler.HasPacket.ShouldBeFalse();

        open = true;
        test.Link.Post(test.Link.ResumeReading);
        (await test.Handler.NextAsync()).ShouldBe([2]);
        (await test.Handler.NextAsync()).ShouldBe([3]);
        (await test.Handler.NextAsync()).ShouldBe([4]);
    }

    [Fact]
    public async Task A_handler_that_pauses_and_resumes_in_one_call_is_called_again()
    {
        await using var test = new LinkUnderTest();
        bool first = true;
        test.Handler.OnPacket = _ =>
        {
            if (!first) return true;
            first = false;
            test.Link.PauseReading();
            test.Link.ResumeReading();
            return false;
        };
        await test.SendAsync(RecordingHandler.Packet([9]));
        (await test.Handler.NextAsync()).ShouldBe([9]);
    }

    [Fact]
    public async Task A_paused_link_holds_its_peer_back()
    {
        await using var test = new LinkUnderTest(new PipePair(pauseWriterBytes: 4096));
        await test.OwnerAsync(test.Link.PauseReading);
        Task sending = test.SendAsync([.. Enumerable.Repeat(RecordingHandler.Packet(new byte[1000]), 20)]);
        await test.OwnerAsync();
        sending.IsCompleted.ShouldBeFalse();

        test.Link.Post(test.Link.ResumeReading);
        await sending;
    }

    [Fact]
    public async Task What_the_peer_sent_before_it_closed_still_arrives()
    {
        await using var test = new LinkUnderTest();
        await test.OwnerAsync(test.Link.PauseReading);
        await test.SendAsync(RecordingHandler.Packet([1]), RecordingHandler.Packet([2])[..2]);
        await test.Peer.Output.CompleteAsync();
        await test.OwnerAsync(test.Link.ResumeReading);

        (await test.Handler.NextAsync()).ShouldBe([1]);
        (await test.Ended).ShouldBe(LinkEnd.PeerClosed);
    }

    [Fact]
    public async Task What_is_due_after_a_batch_is_done_once_its_packets_are_handed_over()
    {
        var pipes = new PipePair();
        var handler = new RecordingHandler();
        var work = new Work(() => handler.HasPacket);
        var link = new PipeLink(pipes.Link, new LinkInfo(LinkTransport.Tls, null), work);
        Task ended = link.RunAsync(handler, TestContext.Current.CancellationToken);
        await pipes.Peer.Output.WriteAsync(RecordingHandler.Packet([1]), TestContext.Current.CancellationToken);
        (await work.Done).ShouldBeTrue();
        link.Abort();
        await ended;
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private sealed class Work(Func<bool> look) : IReactorWork
    {
        private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> Done => _done.Task;

        public void OnBatchRead() => _done.TrySetResult(look());
    }
}
