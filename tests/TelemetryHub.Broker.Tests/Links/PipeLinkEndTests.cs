using TelemetryHub.Broker.Links;

namespace TelemetryHub.Broker.Tests.Links;

public class PipeLinkEndTests
{
    [Fact]
    public async Task An_abort_ends_a_link_that_waits_for_its_peer()
    {
        await using var test = new LinkUnderTest();
        test.Link.Abort();
        (await test.Ended).ShouldBe(LinkEnd.Aborted);
        (await test.Handler.Closed).ShouldBe(LinkEnd.Aborted);
    }

    [Fact]
    public async Task An_abort_ends_a_link_whose_peer_does_not_read()
    {
        await using var test = new LinkUnderTest(new PipePair(pauseWriterBytes: 1000));
        test.Handler.Waiting.Enqueue(new byte[2000]);
        test.Link.Wake();
        await test.OwnerAsync();
        test.Link.Abort();
        (await test.Ended).ShouldBe(LinkEnd.Aborted);
    }

    [Fact]
    public async Task Aborts_from_many_threads_are_one_end()
    {
        await using var test = new LinkUnderTest();
        Parallel.For(0, 100, _ => test.Link.Abort());
        (await test.Ended).ShouldBe(LinkEnd.Aborted);
    }

    [Fact]
    public async Task An_abort_in_the_middle_of_a_batch_stops_it()
    {
        await using var test = new LinkUnderTest(new PipePair(segmentBytes: 16));
        int packets = 0;
        test.Handler.OnPacket = _ =>
        {
            packets++;
            test.Link.Abort();
            return true;
        };
        await test.SendAsync([.. Enumerable.Repeat(RecordingHandler.Packet(new byte[100]), 20).SelectMany(packet => packet)]);
        (await test.Ended).ShouldBe(LinkEnd.Aborted);
        packets.ShouldBe(1);
    }

    [Fact]
    public async Task Cancelling_aborts()
    {
        await using var test = new LinkUnderTest();
        await test.Cancellation.CancelAsync();
        (await test.Ended).ShouldBe(LinkEnd.Aborted);
    }

    [Fact]
    public async Task An_abort_cuts_what_lies_below()
    {
        int cuts = 0;
        var handler = new RecordingHandler();
        var link = new PipeLink(new PipePair().Link, new LinkInfo(LinkTransport.Tcp, null), cut: () => cuts++);
        Task<LinkEnd> ended = link.RunAsync(handler, TestContext.Current.CancellationToken);
        link.Abort();
        (await ended).ShouldBe(LinkEnd.Aborted);
        cuts.ShouldBe(1);
    }

    [Theory]
    [InlineData(false, LinkEnd.PeerClosed)]
    [InlineData(true, LinkEnd.Closed)]
    public async Task A_peer_that_ends_its_half_with_its_last_packet_is_still_answered(bool closes, LinkEnd expected)
    {
        var pipes = new PipePair();
        await pipes.Peer.Output.WriteAsync(RecordingHandler.Packet([1]), TestContext.Current.CancellationToken);
        await pipes.Peer.Output.CompleteAsync();
        await using var test = new LinkUnderTest(pipes, (link, handler) =>
        {
            handler.CloseWhenEmpty = closes;
            handler.OnPacket = _ =>
            {
                handler.Waiting.Enqueue([7, 8, 9]);
                link.Wake();
                return true;
            };
        });

        (await test.ReceiveAsync(3)).ShouldBe([7, 8, 9]);
        (await test.Ended).ShouldBe(expected);
    }

    [Fact]
    public async Task A_peer_that_vanishes_is_a_reset()
    {
        await using var test = new LinkUnderTest();
        await test.Peer.Output.CompleteAsync(new IOException("connection reset by peer"));
        (await test.Ended).ShouldBe(LinkEnd.Reset);
    }

    [Fact]
    public async Task A_peer_that_vanished_before_the_link_ran_is_a_reset()
    {
        var pipes = new PipePair();
        await pipes.Peer.Output.CompleteAsync(new IOException("connection reset by peer"));
        await using var test = new LinkUnderTest(pipes);
        (await test.Ended).ShouldBe(LinkEnd.Reset);
    }

    [Fact]
    public async Task A_peer_whose_reading_side_failed_is_a_reset()
    {
        await using var test = new LinkUnderTest();
        await test.Peer.Input.CompleteAsync(new IOException("connection reset by peer"));
        test.Handler.Waiting.Enqueue([1]);
        test.Link.Wake();
        (await test.Ended).ShouldBe(LinkEnd.Reset);
    }

    [Fact]
    public async Task An_abort_that_meets_a_completed_flush_still_ends_the_link()
    {
        for (int i = 0; i < 200; i++)
        {
            await using var test = new LinkUnderTest(new PipePair(pauseWriterBytes: 1000));
            test.Handler.Waiting.Enqueue(new byte[2000]);
            test.Link.Wake();
            await test.OwnerAsync();
            var together = new TaskCompletionSource();
            var isIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            test.Link.Post(() =>
            {
                isIn.SetResult();
                together.Task.Wait();
            });
            await isIn.Task; // otherwise the owner may see the abort first
            test.Link.Abort();
            await test.ReceiveAsync(2000);
            together.SetResult();
            (await test.Ended).ShouldBe(LinkEnd.Aborted);
        }
    }

    [Fact]
    public async Task A_peer_that_takes_no_more_bytes_is_a_reset()
    {
        await using var test = new LinkUnderTest();
        await test.Peer.Input.CompleteAsync();
        test.Handler.Waiting.Enqueue([1]);
        test.Link.Wake();
        (await test.Ended).ShouldBe(LinkEnd.Reset);
    }

    [Fact]
    public async Task Bytes_that_the_transport_cannot_frame_are_a_transport_fault()
    {
        await using var test = new LinkUnderTest();
        await test.Peer.Output.CompleteAsync(new InvalidDataException("a text frame"));
        (await test.Ended).ShouldBe(LinkEnd.TransportFault);
    }

    [Fact]
    public async Task A_handler_that_throws_loses_its_connection_and_the_error_shows()
    {
        var pipes = new PipePair();
        var handler = new RecordingHandler { OnPacket = _ => throw new InvalidOperationException("bug") };
        var link = new PipeLink(pipes.Link, new LinkInfo(LinkTransport.Tls, null));
        Task<LinkEnd> ended = link.RunAsync(handler, TestContext.Current.CancellationToken);
        await pipes.Peer.Output.WriteAsync(RecordingHandler.Packet([1]), TestContext.Current.CancellationToken);

        (await handler.Closed).ShouldBe(LinkEnd.Aborted);
        (await Should.ThrowAsync<InvalidOperationException>(() => ended)).Message.ShouldBe("bug");
    }

    [Fact]
    public async Task A_closed_link_runs_nothing_any_more()
    {
        await using var test = new LinkUnderTest();
        test.Link.Abort();
        await test.Ended;
        int fills = test.Handler.Fills;
        test.Link.Wake();
        test.Link.Post(() => throw new InvalidOperationException("ran"));
        test.Link.Abort();
        test.Handler.Fills.ShouldBe(fills);
    }
}
