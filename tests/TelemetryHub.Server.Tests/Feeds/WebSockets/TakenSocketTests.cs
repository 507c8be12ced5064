using System.Text.Json;
using TelemetryHub.Server.Tests.Hosting;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets;

/// <summary>The hub as its own process: there a socket is taken from the web server.</summary>
public class TakenSocketTests
{
    [Fact]
    public async Task What_is_published_reaches_the_subscription_of_the_URL_and_others()
    {
        await using var hub = HubProcess.Start(["--Mqtt:Listen=127.0.0.1:0", "--Http:Listen=127.0.0.1:0"]);
        var address = new Uri(await hub.AddressAsync("http"));
        using var reader = await SocketPeer.ConnectAsync(address, "?topic=x");
        using var publisher = await SocketPeer.ConnectAsync(address);
        await publisher.AskAsync("""{"type":"subscribe","sub":"a","topics":["y"]}""");
        await publisher.SendAsync(string.Concat(Enumerable.Range(0, 500).Select(i => $$"""{"type":"publish","topic":"x","payload":{{i}}}""" + "\n")));
        for (var i = 0; i < 500; i++) (await publisher.NextAsync()).ShouldContain("\"ack\"");
        for (var i = 0; i < 500; i++) JsonDocument.Parse(await reader.NextAsync()).RootElement.GetProperty("payload").GetInt32().ShouldBe(i);
        await reader.SendAsync("""{"type":"publish","topic":"y","payload":"back","qos":0}""");
        (await reader.NextAsync()).ShouldContain("\"ack\"");
        (await publisher.NextAsync()).ShouldContain("\"payload\":\"back\"");
        (await reader.CloseAsync(1000)).ShouldBe(1000);
    }

    [Fact]
    public async Task Every_end_has_its_code()
    {
        await using var hub = HubProcess.Start(["--Mqtt:Listen=127.0.0.1:0", "--Http:Listen=127.0.0.1:0", "--Feeds:MaxFrameBytes=1KiB"]);
        var address = new Uri(await hub.AddressAsync("http"));
        using var binary = await SocketPeer.ConnectAsync(address);
        await binary.SendAsync([1]);
        (await binary.ClosedAsync()).Code.ShouldBe(1003);
        using var large = await SocketPeer.ConnectAsync(address);
        await large.SendAsync(new string(' ', 900_000));
        (await large.ClosedAsync()).Code.ShouldBe(1009);
        using var reader = await SocketPeer.ConnectAsync(address, "?topic=x");
        await reader.AskAsync("""{"type":"ping"}""");
        hub.Terminate();
        var (lines, code) = await reader.ClosedAsync();
        (lines.Last(), code).ShouldBe(("""{"type":"bye","reason":"shutdown"}""", 1012));
        await reader.CloseAsync(1000);
        (await hub.EndAsync()).ExitCode.ShouldBe(0);
    }
}
