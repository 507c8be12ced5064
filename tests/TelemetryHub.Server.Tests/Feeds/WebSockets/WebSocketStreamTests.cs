using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Broker.Links;
using TelemetryHub.Server.Feeds.WebSockets;
using TelemetryHub.Server.Feeds.WebSockets.Frames;
using TelemetryHub.Server.Tests.Feeds.WebSockets.Frames;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets;

/// <summary>A socket's end in a real hub, over a link that the test moves.</summary>
public class WebSocketStreamTests
{
    [Fact]
    public async Task A_silent_peer_is_asked_whether_it_is_there_and_then_given_up()
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:PingInterval", "20s"), ("Feeds:PingTimeout", "10s"));
        using var socket = new HandStream(hub);
        socket.Stream.Tick(1_000);
        socket.Stream.Tick(20_999);
        socket.Fill().Frames.ShouldBeEmpty();
        socket.Stream.Tick(21_000);
        socket.Fill().Frames.ShouldBe(["Ping"]);
        socket.Send(ClientFrames.Frame(Opcode.Pong, []));
        socket.Stream.Tick(30_000);
        socket.Stream.Tick(50_000);
        socket.Fill().Frames.ShouldBe(["Ping"]);
        socket.Stream.Tick(59_999);
        socket.Fill().Frames.ShouldBeEmpty();
        socket.Stream.Tick(60_000);
        socket.Expect(FillResult.Empty, "Close 1001");
        socket.Stream.Tick(60_001);
        socket.Stream.Tick(62_001);
        socket.Fill().Result.ShouldBe(FillResult.Close);
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_is_cut_and_not_asked()
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:PingInterval", "1s"), ("Feeds:WriteTimeout", "30s"));
        using var socket = new HandStream(hub);
        socket.Link.StuckSince = 1_000;
        for (var now = 1_000; now <= 31_000; now += 1_000) socket.Stream.Tick(now);
        socket.Fill().Frames.ShouldBeEmpty();
        socket.Link.IsAborted.ShouldBeFalse();
        socket.Stream.Tick(31_001);
        socket.Link.IsAborted.ShouldBeTrue();
    }

    [Fact]
    public async Task Only_the_newest_ping_of_the_peer_is_answered()
    {
        await using var hub = await FeedHub.StartAsync();
        using var socket = new HandStream(hub);
        socket.Send([.. ClientFrames.Frame(Opcode.Ping, [1]), .. ClientFrames.Frame(Opcode.Ping, [2])]);
        socket.Fill().Frames.ShouldBe(["Pong 02"]);
        socket.Fill().Frames.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Close 1000", "03E8")]
    [InlineData("Close 4999", "1387")]
    [InlineData("Close", "")]
    public async Task The_peers_goodbye_is_answered_with_its_own_code(string answer, string payload)
    {
        await using var hub = await FeedHub.StartAsync();
        using var socket = new HandStream(hub);
        socket.Say("""{"type":"ping"}""");
        socket.Send(ClientFrames.Frame(Opcode.Close, Convert.FromHexString(payload)));
        socket.Expect(FillResult.Close, answer);
        socket.Send(1, 2, 3).ShouldBe(3);
    }

    [Fact]
    public async Task After_its_own_goodbye_the_hub_waits_for_the_peers_and_hears_nothing_else()
    {
        await using var hub = await FeedHub.StartAsync();
        using var socket = new HandStream(hub);
        socket.Stream.Stop();
        socket.Expect(FillResult.Empty, "Close 1012");
        socket.Say("""{"type":"ping"}""");
        socket.Expect(FillResult.Empty);
        socket.Send(ClientFrames.Close(1012));
        socket.Expect(FillResult.Close);
    }

    [Fact]
    public async Task A_frame_that_must_not_be_ends_it_at_once_but_answers_come_first()
    {
        await using var hub = await FeedHub.StartAsync();
        using var socket = new HandStream(hub);
        socket.Send([.. ClientFrames.Text("""{"type":"ping"}"""), 0x81, 0x00, .. ClientFrames.Text("""{"type":"ping"}""")]);
        socket.Expect(FillResult.Close, "Text {\"type\":\"pong\"}\n", "Close 1002");
    }

    [Fact]
    public async Task A_peer_that_does_not_read_its_answers_is_not_read()
    {
        await using var hub = await FeedHub.StartAsync();
        using var socket = new HandStream(hub);
        var pings = ClientFrames.Text(string.Concat(Enumerable.Repeat("{\"type\":\"ping\"}\n", 4000)));
        byte[] flood = [.. pings, .. pings, .. pings];
        var unread = flood.AsMemory(socket.Send(flood));
        socket.Link.IsPaused.ShouldBeTrue();
        unread.Length.ShouldBe(pings.Length);
        var answers = 0;
        for (var result = FillResult.More; result == FillResult.More || !unread.IsEmpty;)
        {
            (result, var frames) = socket.Fill();
            answers += frames.Sum(frame => frame.Count(one => one == '\n'));
            if (!socket.Link.IsPaused && !unread.IsEmpty) unread = unread[socket.Send(unread.ToArray())..];
        }

        answers += socket.Fill().Frames.Sum(frame => frame.Count(one => one == '\n'));
        answers.ShouldBe(12_000);
    }

    [Fact]
    public async Task A_subscription_that_was_too_slow_for_its_wish_ends_alone_and_its_name_is_free()
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:RingBytes", "64KiB"));
        using var slow = new HandStream(hub);
        slow.Say("""{"type":"subscribe","sub":"a","topics":["x"],"overflow":"close"}""");
        await LapAsync(hub);
        (await slow.FillUntilAsync("bye")).ShouldContain("""{"type":"bye","sub":"a","reason":"slow"}""");
        slow.Fill().Result.ShouldBe(FillResult.Empty);
        slow.Say("""{"type":"subscribe","sub":"a","topics":["x"]}""");
        slow.Fill().Frames[0].ShouldContain("\"ack\"");
    }

    [Fact]
    public async Task A_socket_whose_URL_asked_for_that_is_closed_with_4408()
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:RingBytes", "64KiB"));
        using var slow = new HandStream(hub);
        slow.Begin(hub, ("topic", "x"), ("overflow", "close"));
        await LapAsync(hub);
        (await slow.FillUntilAsync("bye")).ShouldEndWith("""{"type":"bye","reason":"slow"}""" + "\n\nClose 4408");
    }

    [Fact]
    public async Task Subscriptions_take_turns()
    {
        await using var hub = await FeedHub.StartAsync();
        using var socket = new HandStream(hub);
        foreach (var sub in (string[])["a", "b", "c"]) socket.Say($$"""{"type":"subscribe","sub":"{{sub}}","topics":["x"]}""");
        using var witness = new HandStream(hub);
        witness.Say("""{"type":"subscribe","sub":"w","topics":["x"]}""");
        for (var i = 0; i < 100; i++) HandStream.Publish(hub, "x", new string('p', 1000));
        HandStream.Publish(hub, "x", "last");
        await witness.FillUntilAsync("last");
        await socket.FillUntilAsync("\"sub\":\"a\",\"id\"");
        var seen = Enumerable.Range(0, 3).Select(_ => string.Concat(socket.Fill(2_000).Frames)).ToList();
        foreach (var sub in (string[])["a", "b", "c"]) seen.ShouldContain(frame => frame.Contains($"\"sub\":\"{sub}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_are_sent_without_allocating()
    {
        await using var hub = await FeedHub.StartAsync();
        using var witness = new HandStream(hub);
        witness.Say("""{"type":"subscribe","sub":"a","topics":["x"]}""");
        using var reader = new HandStream(hub);
        reader.Say("""{"type":"subscribe","sub":"a","topics":["x"]}""");
        reader.Fill();
        for (var i = 0; i < 2000; i++) HandStream.Publish(hub, "x", """{"temp":21.5}""");
        HandStream.Publish(hub, "x", "end");
        await witness.FillUntilAsync("end");
        for (var i = 0; i < 20; i++) reader.FillOnly(2_000).ShouldBe(FillResult.More);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++) reader.FillOnly(2_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        reader.FillOnly(2_000).ShouldBe(FillResult.More);
    }

    [Fact]
    public async Task Whatever_a_peer_sends_the_hub_has_an_answer()
    {
        await using var hub = await FeedHub.StartAsync();
        Prop.ForAll(Frames.ToArbitrary(), frames =>
        {
            using var socket = new HandStream(hub, frames.Length % 2 == 0 ? StreamProtocol.Json : StreamProtocol.Cbor);
            var hasClosed = false;
            foreach (var frame in frames)
            {
                socket.Send(frame).ShouldBeInRange(0, frame.Length);
                hasClosed |= socket.Fill().Result == FillResult.Close;
            }

            if (hasClosed) socket.Send(1, 2, 3).ShouldBe(3);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    // More than a ring holds, and all of it encoded.
    private static async Task LapAsync(FeedHub hub)
    {
        using var witness = new HandStream(hub);
        witness.Say("""{"type":"subscribe","sub":"a","topics":["x"],"overflow":"gap"}""");
        for (var i = 0; i < 400; i++) HandStream.Publish(hub, "x", new string('p', 1000));
        HandStream.Publish(hub, "x", "last");
        await witness.FillUntilAsync("last");
    }

    private static Gen<byte[][]> Frames => Gen.OneOf(
        ArbMap.Default.GeneratorFor<byte[]>(),
        from opcode in Gen.Elements(Opcode.Continuation, Opcode.Text, Opcode.Binary, Opcode.Ping, Opcode.Pong)
        from payload in ArbMap.Default.GeneratorFor<byte[]>()
        from isFinal in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        select ClientFrames.Frame(opcode, payload, isFinal),
        from text in Gen.Elements("""{"type":"ping"}""", """{"type":"subscribe","sub":"a","topics":["x"]}""", """{"type":"publish","topic":"x"}""", "{", "")
        select ClientFrames.Text(text)).ArrayOf();
}
