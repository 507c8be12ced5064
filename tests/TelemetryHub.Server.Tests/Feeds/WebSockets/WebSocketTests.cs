using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TelemetryHub.Server.Feeds;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets;

/// <summary>A whole hub, and the framework's WebSocket client.</summary>
public class WebSocketTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task What_is_published_on_a_socket_is_acknowledged_and_reaches_the_subscriptions(string? tls)
    {
        await using var hub = await FeedHub.StartAsync();
        using var peer = await SocketPeer.ConnectAsync(hub, tls: tls);
        peer.SubProtocol.ShouldBe("telemetryhub.v1");
        var ack = Json(await peer.AskAsync("""{"type":"subscribe","ref":1,"sub":"a","topics":["x/#"]}"""));
        (ack["type"], ack["ref"], ack["sub"]).ShouldBe(("ack", "1", "a"));
        using var other = await SocketPeer.ConnectAsync(hub, "?topic=x/y", tls, subProtocol: null);
        other.SubProtocol.ShouldBeNull();
        var kept = Json(await other.AskAsync("""{"type":"publish","ref":"p","topic":"x/y","payload":{"temp":21.5}}""") is var first && first.Contains("ack", StringComparison.Ordinal) ? first : await other.NextAsync());
        (kept["type"], kept["ref"]).ShouldBe(("ack", "p"));
        var got = Json(await peer.NextAsync());
        (got["sub"], got["id"], got["topic"], got["payload"]).ShouldBe(("a", kept["id"], "x/y", """{"temp":21.5}"""));
        (await peer.CloseAsync(1000)).ShouldBe(1000);
    }

    [Fact]
    public async Task The_subscription_of_the_URL_has_no_name_and_goes_on_from_a_cursor()
    {
        await using var hub = await FeedHub.StartAsync();
        using var publisher = await SocketPeer.ConnectAsync(hub);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Add(Json(await publisher.AskAsync($$"""{"type":"publish","topic":"x","payload":{{i}}}"""))["id"]);
        using var reader = await SocketPeer.ConnectAsync(hub, $"?topic=x&since={ids[0]}");
        for (var i = 1; i < 3; i++)
        {
            var got = Json(await reader.NextAsync());
            (got["id"], got["payload"], got.ContainsKey("sub")).ShouldBe((ids[i], $"{i}", false));
        }
    }

    [Fact]
    public async Task A_frame_carries_many_events()
    {
        await using var hub = await FeedHub.StartAsync();
        using var publisher = await SocketPeer.ConnectAsync(hub);
        await publisher.SendAsync(string.Concat(Enumerable.Range(0, 500).Select(i => $$"""{"type":"publish","ref":{{i}},"topic":"x","payload":{{i}}}""" + "\n")));
        for (var i = 0; i < 500; i++) Json(await publisher.NextAsync())["ref"].ShouldBe($"{i}");
        using var reader = await SocketPeer.ConnectAsync(hub, "?topic=x&since=earliest");
        for (var i = 0; i < 500; i++) Json(await reader.NextAsync())["payload"].ShouldBe($"{i}");
        reader.Frames.ShouldBeLessThan(50);
    }

    [Fact]
    public async Task After_its_acknowledgement_an_unsubscribed_one_says_nothing()
    {
        await using var hub = await FeedHub.StartAsync();
        using var peer = await SocketPeer.ConnectAsync(hub);
        await peer.AskAsync("""{"type":"subscribe","sub":"a","topics":["x"]}""");
        await peer.AskAsync("""{"type":"subscribe","sub":"b","topics":["x"],"format":"payload"}""");
        Json(await peer.AskAsync("""{"type":"unsubscribe","ref":2,"sub":"a"}"""))["type"].ShouldBe("ack");
        await peer.SendAsync("""{"type":"publish","topic":"x","payload":"hello"}""");
        var lines = new[] { Json(await peer.NextAsync()), Json(await peer.NextAsync()) };
        lines.Where(line => line.ContainsKey("sub")).ShouldHaveSingleItem()["sub"].ShouldBe("b");
        (await peer.AskAsync("""{"type":"unsubscribe","ref":3,"sub":"a"}""")).ShouldBe(
            """{"type":"error","ref":3,"code":"unknown-sub","message":"There is no subscription 'a'."}""");
    }

    [Theory]
    [InlineData("""{"type":"subscribe","sub":"b","topics":["x/#/y"]}""", "bad-filter", "'topics': 'x/#/y' is not a topic filter (plant/oven-3/temp, plant/+/temp, plant/#).")]
    [InlineData("""{"type":"subscribe","sub":"b","topics":["$share/g/x"]}""", "bad-filter", "'topics': '$share/g/x' is a shared subscription, which only MQTT has.")]
    [InlineData("""{"type":"subscribe","sub":"b","topics":["x"],"every":"often"}""", "bad-field", "'every': 'often' ")]
    [InlineData("""{"type":"subscribe","sub":"b","topics":["x"],"since":"yesterday"}""", "bad-field", "'since': 'yesterday' ")]
    [InlineData("""{"type":"subscribe","sub":"b","topics":["x"],"overflow":"burst"}""", "bad-field", "'overflow': 'burst' ")]
    [InlineData("""{"type":"subscribe","sub":"b","topics":["x"],"heartbeat":0.5}""", "bad-field", "'heartbeat': '0.5' ")]
    [InlineData("""{"type":"subscribe","sub":"a","topics":["x"]}""", "duplicate-sub", "There is a subscription 'a' already")]
    [InlineData("""{"type":"publish","topic":"x/+"}""", "bad-field", "'topic' must be the name of a topic")]
    [InlineData("""{"type":"publish","topic":"$SYS/x"}""", "forbidden", "'topic' is one of the hub's own")]
    [InlineData("garbage", "bad-message", "Not JSON")]
    public async Task What_cannot_be_done_is_an_answer_and_harms_nothing(string message, string code, string problem)
    {
        await using var hub = await FeedHub.StartAsync();
        using var peer = await SocketPeer.ConnectAsync(hub);
        await peer.AskAsync("""{"type":"subscribe","sub":"a","topics":["x"]}""");
        var answer = Json(await peer.AskAsync(message));
        (answer["type"], answer["code"]).ShouldBe(("error", code));
        answer["message"].ShouldStartWith(problem);
        (await peer.AskAsync("""{"type":"ping","ref":9}""")).ShouldBe("""{"type":"pong","ref":9}""");
    }

    [Fact]
    public async Task A_token_is_taken_where_everybody_may_do_everything()
    {
        await using var hub = await FeedHub.StartAsync();
        using var peer = await SocketPeer.ConnectAsync(hub);
        (await peer.AskAsync("""{"type":"auth","ref":4,"token":"t"}""")).ShouldBe("""{"type":"ack","ref":4}""");
    }

    [Fact]
    public async Task Too_many_more_errors_than_right_messages_end_with_1008()
    {
        await using var hub = await FeedHub.StartAsync();
        using var peer = await SocketPeer.ConnectAsync(hub);
        for (var i = 0; i < 30; i++)
        {
            await peer.AskAsync("garbage");
            await peer.AskAsync("""{"type":"ping"}""");
        }

        await peer.SendAsync(string.Concat(Enumerable.Repeat("garbage\ngarbage\n{\"type\":\"ping\"}\n", 1000)));
        var (lines, code) = await peer.ClosedAsync();
        (lines.Count, code).ShouldBe(((18 * 3) + 2, 1008));
    }

    [Fact]
    public async Task Every_further_subscription_is_a_reader_of_which_there_are_only_so_many()
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:MaxReaders", "2"));
        var admission = hub.Services.GetRequiredService<Admission>();
        using (var peer = await SocketPeer.ConnectAsync(hub, "?topic=x"))
        {
            Json(await peer.AskAsync("""{"type":"subscribe","sub":"a","topics":["x"]}"""))["type"].ShouldBe("ack");
            admission.Count.ShouldBe(2);
            Json(await peer.AskAsync("""{"type":"subscribe","sub":"b","topics":["x"]}"""))["code"].ShouldBe("overload");
            Json(await peer.AskAsync("""{"type":"unsubscribe","sub":"a"}"""))["type"].ShouldBe("ack");
            Json(await peer.AskAsync("""{"type":"subscribe","sub":"b","topics":["x"]}"""))["type"].ShouldBe("ack");
        }

        await admission.CloseAsync(); // completes when all have left
    }

    [Fact]
    public async Task A_socket_has_so_many_subscriptions_and_no_more()
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:MaxSubscriptions", "2"));
        using var peer = await SocketPeer.ConnectAsync(hub, "?topic=x");
        Json(await peer.AskAsync("""{"type":"subscribe","sub":"a","topics":["x"]}"""))["type"].ShouldBe("ack");
        Json(await peer.AskAsync("""{"type":"subscribe","sub":"b","topics":["x"]}"""))["code"].ShouldBe("too-many-subscriptions");
        Json(await peer.AskAsync("""{"type":"unsubscribe","sub":"a"}"""))["type"].ShouldBe("ack");
        Json(await peer.AskAsync("""{"type":"subscribe","sub":"b","topics":["x"]}"""))["type"].ShouldBe("ack");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_message_of_the_wrong_kind_ends_with_1003_and_one_too_large_with_1009(string? tls)
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:MaxFrameBytes", "1KiB"));
        using var binary = await SocketPeer.ConnectAsync(hub, tls: tls);
        await binary.SendAsync([1, 2]);
        (await binary.ClosedAsync()).Code.ShouldBe(1003);
        using var large = await SocketPeer.ConnectAsync(hub, tls: tls);
        await large.SendAsync(new string(' ', 1024));
        await large.SendAsync(new string(' ', 1025));
        (await large.ClosedAsync()).Code.ShouldBe(1009);
        using var text = await SocketPeer.ConnectAsync(hub, tls: tls, subProtocol: "telemetryhub.v1.cbor");
        await text.SendAsync("{}");
        (await text.ClosedAsync()).Code.ShouldBe(1003);
    }

    [Fact]
    public async Task In_CBOR_it_is_the_same_with_payloads_as_bytes()
    {
        await using var hub = await FeedHub.StartAsync();
        using var peer = await SocketPeer.ConnectAsync(hub, subProtocol: "telemetryhub.v1.cbor");
        await peer.SendAsync(Messages.Items.Map(("type", "subscribe"), ("ref", 1L), ("sub", "a"), ("topics", new[] { "x" })));
        var ack = Messages.Items.Read(await peer.NextBytesAsync())[0];
        (ack["type"], ack["ref"]).ShouldBe(("ack", "1"));
        await peer.SendAsync(Messages.Items.Map(("type", "publish"), ("ref", 2L), ("topic", "x"), ("payload", new byte[] { 1, 255 })));
        var items = new List<Dictionary<string, string>>();
        while (items.Count(item => item.GetValueOrDefault("type") != "cursor") < 2) items.AddRange(Messages.Items.Read(await peer.NextBytesAsync()));
        items.Single(item => item.ContainsKey("payload"))["payload"].ShouldBe("01FF");
        items.Single(item => item.GetValueOrDefault("type") == "ack")["ref"].ShouldBe("2");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2.0")]
    public async Task A_hub_that_stops_says_goodbye_to_each_subscription_and_closes_with_1012(string? tls)
    {
        await using var hub = await FeedHub.StartAsync();
        using var idle = await SocketPeer.ConnectAsync(hub, tls: tls);
        using var busy = await SocketPeer.ConnectAsync(hub, "?topic=x", tls);
        await busy.AskAsync("""{"type":"subscribe","sub":"a","topics":["x"]}""");
        var closing = busy.ClosedAsync();
        var stopping = hub.StopAsync();
        var (lines, code) = await closing;
        code.ShouldBe(1012);
        lines.Where(line => line.Contains("bye", StringComparison.Ordinal)).Order().ShouldBe(
            ["""{"type":"bye","reason":"shutdown"}""", """{"type":"bye","sub":"a","reason":"shutdown"}"""]);
        (await idle.ClosedAsync()).Code.ShouldBe(1012);
        await Task.WhenAll(busy.CloseAsync(1000), idle.CloseAsync(1000));
        await stopping;
    }

    [Fact]
    public async Task A_socket_that_has_gone_is_no_reader_any_more()
    {
        await using var hub = await FeedHub.StartAsync();
        var admission = hub.Services.GetRequiredService<Admission>();
        using (var peer = await SocketPeer.ConnectAsync(hub, "?topic=x"))
        {
            await peer.AskAsync("""{"type":"ping"}""");
            admission.Count.ShouldBe(1);
            await peer.CloseAsync(4999);
        }

        await admission.CloseAsync().WaitAsync(Cancel);
        admission.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("?topic=x/%23/y", 400)]
    [InlineData("?topic=x&wait=1s", 400)]
    [InlineData("?colour=red", 400)]
    public async Task A_wrong_URL_is_no_socket(string query, int status)
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        using var request = Upgrade(query);
        (await client.SendAsync(request, Cancel)).StatusCode.ShouldBe((HttpStatusCode)status);
    }

    [Fact]
    public async Task Another_version_is_told_which_one_is_spoken()
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        using var request = Upgrade("?topic=x");
        request.Headers.Remove("Sec-WebSocket-Version");
        request.Headers.Add("Sec-WebSocket-Version", "8");
        var answer = await client.SendAsync(request, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
        answer.Headers.GetValues("Sec-WebSocket-Version").ShouldBe(["13"]);
    }

    private static HttpRequestMessage Upgrade(string query)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/events" + query);
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new("websocket"));
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        return request;
    }

    private static Dictionary<string, string> Json(string line)
        => JsonDocument.Parse(line).RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.ToString());
}
