using System.Text.Json;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Feeds.Proxies;

/// <summary>The hub behind nginx and behind HAProxy, with the configurations that we ship; HTTP/2 and TLS before them, HTTP/1.1 behind.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Quiet_streams_outlive_the_proxys_time_outs_by_their_heartbeats(string name)
    {
        await using var hub = await HubProcess.StartAsync("Feeds:PingInterval=1s");
        await using var proxy = await FrontProxy.StartAsync(name, hub.Http);
        await using var silent = Curl(proxy, "--http2", $"{proxy.Address}events?topic=t&heartbeat=1h");
        await using var stream = Curl(proxy, "--http2", $"{proxy.Address}events?topic=t&heartbeat=1");
        await using var lines = Curl(proxy, "--http1.1", "-H", "Accept: application/x-ndjson", $"{proxy.Address}events?topic=t&heartbeat=1");
        await using var socket = await ClientScript.StartNodeAsync("ws_talk.mjs", "--url", $"wss://{proxy.Address.Authority}/events?topic=t&heartbeat=1h", "--ca", proxy.Authority);
        await LineAsync(silent, "id: ");
        await LineAsync(stream, "id: ");
        await LineAsync(lines, "{\"type\":\"cursor\"");
        await LineAsync(socket, "{\"type\":\"cursor\"");

        // Without heartbeats the proxy would have cut them as it does this one. The others began a little later: until two more have come.
        await silent.ExitAsync();
        var beats = stream.Output.Lines.Count(IsId);
        await Patience.For(stream.Output.FirstAsync(beats + 2, IsId), "two more heartbeats");
        await Posts.PublishAsync(hub.Http, "t", "still here");

        await LineAsync(stream, "data: ");
        await LineAsync(lines, "{\"id\":");
        await LineAsync(socket, "{\"id\":");
        socket.Output.Lines.Count(line => line.StartsWith("open", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Nothing_is_held_back_in_either_direction(string name)
    {
        await using var hub = await HubProcess.StartAsync();
        await using var proxy = await FrontProxy.StartAsync(name, hub.Http);
        await using var stream = Curl(proxy, "--http2", $"{proxy.Address}events?topic=t&heartbeat=1");
        await LineAsync(stream, "id: ");
        foreach (var version in new[] { "--http1.1", "--http2" })
        {
            var before = stream.Output.Lines.Count(IsData);
            await using var batch = Curl(proxy, version, "-X", "POST", "-T", ".", "-H", "Content-Type: application/x-ndjson", $"{proxy.Address}events/t");
            for (var number = 1; number <= 3; number++)
            {
                await batch.Input.WriteLineAsync($"{number}");
                await batch.Input.FlushAsync(TestContext.Current.CancellationToken);
                await Patience.For(stream.Output.FirstAsync(before + number, IsData), $"event {number} while the batch goes on");
            }

            batch.Input.Close();
            JsonDocument.Parse((await batch.ExitAsync()).ShouldSucceed().Output.Single()).RootElement.GetProperty("count").GetInt32().ShouldBe(3);
        }
    }

    private static bool IsId(string line) => line.StartsWith("id: ", StringComparison.Ordinal);

    private static bool IsData(string line) => line.StartsWith("data: ", StringComparison.Ordinal);

    private static RunningProgram Curl(FrontProxy proxy, params string[] arguments) => RunningProgram.Start("curl", ["-sSN", "--cacert", proxy.Authority, .. arguments]);

    private static async Task<string> LineAsync(RunningProgram program, string beginning) =>
        (await Patience.For(program.Output.FirstAsync(1, line => line.StartsWith(beginning, StringComparison.Ordinal)), $"the line '{beginning}…'"))[0];
}
