using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TelemetryHub.Broker.Links;
using TelemetryHub.Server.Tests.Http.Transport;

namespace TelemetryHub.Server.Tests.Http.Takeover;

public class PortablePipeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task A_response_is_streamed_and_ends_in_order(HttpProtocols protocols)
    {
        await using var server = await PortableServer.StartAsync(protocols);
        using var client = new HttpClient();
        using var response = await AskAsync(client, server, protocols);
        var handler = await server.NextAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        for (var i = 0; i < 100; i++)
        {
            handler.Send($"event {i}\n");
            (await reader.ReadLineAsync(Cancel)).ShouldBe($"event {i}");
        }

        handler.Send(new string('x', 1_000_000));
        handler.Close();
        (await reader.ReadToEndAsync(Cancel)).Length.ShouldBe(1_000_000);
        (await handler.Closed).ShouldBe(LinkEnd.Closed);
    }

    [Fact]
    public async Task A_reader_of_a_response_that_goes_is_seen()
    {
        await using var server = await PortableServer.StartAsync(HttpProtocols.Http1);
        await using var client = await RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Uri.Port));
        await client.GetAsync();
        await client.ReadHeadAsync();
        client.Finish();
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.PeerClosed);
    }

    [Fact]
    public async Task A_stream_of_http2_that_is_reset_is_seen()
    {
        await using var server = await PortableServer.StartAsync(HttpProtocols.Http2);
        using var client = new HttpClient();
        var response = await AskAsync(client, server, HttpProtocols.Http2);
        response.Dispose();
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.PeerClosed);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task A_response_whose_reader_is_stuck_can_be_cut(HttpProtocols protocols)
    {
        await using var server = await PortableServer.StartAsync(protocols);
        using var client = new HttpClient();
        using var response = await AskAsync(client, server, protocols);
        var handler = await server.NextAsync();
        for (var i = 0; i < 20; i++)
            handler.Send(new string('x', 1_000_000));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        await reader.ReadAsync(new char[1], Cancel);
        handler.Link.Abort();
        (await handler.Closed).ShouldBe(LinkEnd.Aborted);
        await Should.ThrowAsync<Exception>(() => reader.ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task An_upgraded_stream_carries_both_ways_and_ends_in_order()
    {
        await using var server = await PortableServer.StartAsync(HttpProtocols.Http1);
        await using var client = await UpgradeAsync(server);
        var handler = await server.NextAsync();
        for (var i = 0; i < 100; i++)
        {
            await client.SendAsync("ping");
            (await handler.ReceiveAsync(4)).ShouldBe("ping");
            handler.Send("pong");
            (await client.ReadAsync(4)).ShouldBe("pong");
        }

        handler.Send(new string('x', 1_000_000));
        handler.Close();
        (await client.ReadToEndAsync()).Length.ShouldBe(1_000_000);
        (await handler.Closed).ShouldBe(LinkEnd.Closed);
    }

    [Fact]
    public async Task The_end_of_an_upgraded_stream_is_seen()
    {
        await using var server = await PortableServer.StartAsync(HttpProtocols.Http1);
        await using var finishing = await UpgradeAsync(server);
        finishing.Finish();
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.PeerClosed);
        await using var resetting = await UpgradeAsync(server);
        resetting.Reset();
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.Reset);
        await using var stuck = await UpgradeAsync(server);
        var handler = await server.NextAsync();
        for (var i = 0; i < 20; i++)
            handler.Send(new string('x', 1_000_000));
        await stuck.ReadAsync(1);
        handler.Link.Abort();
        (await handler.Closed).ShouldBe(LinkEnd.Aborted);
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, PortableServer server, HttpProtocols protocols)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, server.Uri)
        {
            Version = protocols == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    private static async Task<RawClient> UpgradeAsync(PortableServer server)
    {
        var client = await RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Uri.Port));
        await client.GetAsync("/upgrade", "Connection: Upgrade\r\nUpgrade: test\r\n");
        (await client.ReadHeadAsync()).ShouldStartWith("HTTP/1.1 101 ");
        return client;
    }
}
