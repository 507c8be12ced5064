using System.Text.Json;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Durability;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Feeds;

/// <summary>npm's eventsource and ws, and Python's own HTTP.</summary>
public sealed class ClientTests(FeedFixture fixture) : IClassFixture<FeedFixture>
{
    private HubProcess Hub => fixture.Hub;

    [Fact]
    public Task Python_publishes_follows_and_resumes() =>
        ClientScript.RunPythonAsync("python_events.py", "--url", $"{Hub.Http}", "--run", Unique.ClientId("run"));

    [Fact]
    public async Task An_eventsource_loses_and_doubles_nothing_when_the_hub_is_killed()
    {
        await using var hub = new RestartableHub(null, "Feeds:RetryDelay=100ms");
        await hub.StartAsync();
        await using var source = await ClientScript.StartNodeAsync("eventsource_listen.mjs", "--url", $"{hub.Http}events?topic=n");
        await LineAsync(source, "{\"type\":\"open\"}");
        for (var round = 0; round < 3; round++)
        {
            await Posts.PublishAsync(hub.Http, "n", (round * 20) + 1, (round * 20) + 10);
            await hub.KillAsync();
            await hub.StartAsync();
            await Posts.PublishAsync(hub.Http, "n", (round * 20) + 11, (round * 20) + 20);
        }

        await LineAsync(source, ",\"payload\":60}}");
        Data(source, "message").Select(data => data.GetProperty("payload").GetInt32()).ShouldBe(Enumerable.Range(1, 60));
        // What nobody was told to be kept may be missing after a crash: here nothing was.
        Data(source, "gap").ShouldAllBe(gap => gap.GetProperty("reason").GetString() == "crashed" && gap.GetProperty("missed").ValueKind == JsonValueKind.Null);
        Data(source, "reset").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_eventsource_that_asks_for_what_is_wrong_is_told_so()
    {
        await using var source = await ClientScript.StartNodeAsync("eventsource_listen.mjs", "--url", $"{Hub.Http}events?topic=a/%23/b");

        var bye = JsonDocument.Parse(await LineAsync(source, "{\"type\":\"bye\"")).RootElement.GetProperty("data");

        (bye.GetProperty("reason").GetString(), bye.GetProperty("parameter").GetString()).ShouldBe(("bad-request", "topic"));
    }

    [Theory]
    [InlineData("ws")]
    [InlineData("wss")]
    public async Task A_websocket_carries_several_subscriptions_and_publishes(string scheme)
    {
        var topic = Unique.Topic("ws");
        await using var socket = await OpenAsync(scheme);
        await SayAsync(socket, $$"""{"type":"subscribe","ref":1,"sub":"all","topics":["{{topic}}/#"]}""");
        await SayAsync(socket, $$"""{"type":"subscribe","ref":2,"sub":"hot","topics":["{{topic}}/+"],"where":"temp>30"}""");
        await LineAsync(socket, "{\"type\":\"ack\",\"ref\":2");

        await SayAsync(socket, $$$"""{"type":"publish","ref":"p","topic":"{{{topic}}}/1","payload":{"temp":20}}""");
        await SayAsync(socket, $$$"""{"type":"publish","ref":"q","topic":"{{{topic}}}/2","payload":{"temp":40},"qos":2}""");
        await LineAsync(socket, "{\"type\":\"ack\",\"ref\":\"q\"");
        await Patience.For(socket.Output.FirstAsync(3, line => line.StartsWith("{\"sub\":", StringComparison.Ordinal)), "three events");

        Payloads(socket, "all").ShouldBe(["{\"temp\":20}", "{\"temp\":40}"]);
        Payloads(socket, "hot").ShouldBe(["{\"temp\":40}"]);
    }

    [Fact]
    public async Task A_websocket_is_told_what_is_wrong_and_goes_on()
    {
        await using var socket = await OpenAsync("ws");
        await SayAsync(socket, "no JSON");
        await SayAsync(socket, """{"type":"subscribe","ref":1,"sub":"a","topics":["a/#/b"]}""");
        await SayAsync(socket, """{"type":"ping","ref":2}""");

        await LineAsync(socket, "{\"type\":\"pong\",\"ref\":2");
        var errors = Items(socket).Where(item => item.TryGetProperty("type", out var type) && type.GetString() == "error").ToList();
        errors.Count.ShouldBe(2);
        errors[1].GetProperty("ref").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_websocket_that_closes_is_closed_cleanly()
    {
        await using var socket = await OpenAsync("ws");

        socket.Input.Close();

        (await LineAsync(socket, "closed")).ShouldStartWith("closed 1000");
    }

    private async Task<RunningProgram> OpenAsync(string scheme)
    {
        var address = scheme == "ws" ? Hub.Http : Hub.Https;
        var socket = await ClientScript.StartNodeAsync("ws_talk.mjs", "--url", $"{scheme}://{address.Authority}/events", "--ca", Hub.Tls.Authority!);
        (await LineAsync(socket, "open")).ShouldBe("open telemetryhub.v1");
        return socket;
    }

    private static async Task SayAsync(RunningProgram socket, string line)
    {
        await socket.Input.WriteLineAsync(line);
        await socket.Input.FlushAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> LineAsync(RunningProgram program, string part) =>
        (await Patience.For(program.Output.FirstAsync(1, line => line.Contains(part, StringComparison.Ordinal)), $"a line with '{part}'"))[0];

    // A frame may carry several lines, and says otherwise that it is open.
    private static List<JsonElement> Items(RunningProgram program) =>
        [.. program.Output.Lines.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)];

    private static List<JsonElement> Data(RunningProgram source, string type) =>
        [.. Items(source).Where(item => item.GetProperty("type").GetString() == type).Select(item => item.GetProperty("data"))];

    private static List<string> Payloads(RunningProgram socket, string subscription) =>
        [.. Items(socket).Where(item => item.TryGetProperty("sub", out var sub) && sub.GetString() == subscription && item.TryGetProperty("payload", out _))
            .Select(item => item.GetProperty("payload").GetRawText())];
}
