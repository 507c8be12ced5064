using System.Net.Security;
using System.Net.Sockets;
using TelemetryHub.Broker.Links;
using TelemetryHub.Server.Tests.Http;

namespace TelemetryHub.Server.Tests.Mqtt;

public sealed class TcpLinkTests : IDisposable
{
    private readonly PemFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Plain_tcp_carries_packets_both_ways()
    {
        await using var server = await EchoServer.StartAsync();
        await using var peer = await Peer.ConnectAsync(server.Address("mqtt"));
        await peer.SendAsync(2, 10, 11);
        (await peer.ReceiveAsync(3)).ShouldBe([2, 10, 11]);
        var info = (await server.NextAsync()).Link.Info;
        info.Transport.ShouldBe(LinkTransport.Tcp);
        info.Remote.ShouldBe(peer.Local);
    }

    [Fact]
    public async Task Tls_carries_packets_both_ways()
    {
        await using var server = await EchoServer.StartAsync(tls: _files);
        await using var peer = await (await Peer.ConnectAsync(server.Address("mqtts"))).SecureAsync(_files);
        await peer.SendAsync(2, 10);
        await peer.SendAsync(11, 1, 12);
        (await peer.ReceiveAsync(5)).ShouldBe([2, 10, 11, 1, 12]);
        var info = (await server.NextAsync()).Link.Info;
        info.Transport.ShouldBe(LinkTransport.Tls);
        info.Remote.ShouldBe(peer.Local);
    }

    [Fact]
    public async Task A_tls_client_may_ask_for_mqtt_and_not_for_http()
    {
        await using var server = await EchoServer.StartAsync(tls: _files);
        await using var peer = await (await Peer.ConnectAsync(server.Address("mqtts"))).SecureAsync(_files, new SslApplicationProtocol("mqtt"));
        await peer.SendAsync(1, 1);
        await peer.ReceiveAsync(2);

        await using var browser = await Peer.ConnectAsync(server.Address("mqtts"));
        await Should.ThrowAsync<Exception>(() => browser.SecureAsync(_files, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));
    }

    [Fact]
    public async Task The_last_bytes_arrive_before_the_connection_closes()
    {
        await using var server = await EchoServer.StartAsync(tls: _files);
        await using var peer = await (await Peer.ConnectAsync(server.Address("mqtts"))).SecureAsync(_files);
        await peer.SendAsync(1, 7, 0);
        (await peer.ReceiveAsync(3)).ShouldBe([1, 7, 0]);
        (await peer.ClosedAsync()).ShouldBeTrue();
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.Closed);
    }

    [Theory]
    [InlineData("mqtt")]
    [InlineData("mqtts")]
    public async Task A_peer_that_vanishes_is_noticed(string listener)
    {
        await using var server = await EchoServer.StartAsync(tls: _files);
        await using var peer = await Peer.ConnectAsync(server.Address(listener));
        if (listener == "mqtts") await peer.SecureAsync(_files);
        await peer.SendAsync(1, 1);
        await peer.ReceiveAsync(2);
        await peer.SendAsync(200, 1, 2, 3); // half a packet
        peer.Reset();
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.Reset);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_blocks_the_link_until_it_is_cut()
    {
        await using var server = await EchoServer.StartAsync(tls: _files);
        await using var peer = await (await Peer.ConnectAsync(server.Address("mqtts"))).SecureAsync(_files);
        await peer.SendAsync(1, 0xFF);
        var handler = await server.NextAsync();
        await handler.Flooded;
        handler.Link.Abort();
        (await handler.Closed).ShouldBe(LinkEnd.Aborted);
        await peer.ClosedAsync();
    }

    [Theory]
    [InlineData("mqtt")]
    [InlineData("mqtts")]
    public async Task A_link_may_be_cut_at_any_moment(string listener)
    {
        await using var server = await EchoServer.StartAsync(tls: _files);
        for (int i = 0; i < 50; i++)
        {
            await using var peer = await Peer.ConnectAsync(server.Address(listener));
            if (listener == "mqtts") await peer.SecureAsync(_files);
            await peer.SendAsync(1, 0xFF);
            var handler = await server.NextAsync();
            handler.Link.Abort();
            (await handler.Closed).ShouldBe(LinkEnd.Aborted);
            await peer.ClosedAsync();
        }
    }

    [Fact]
    public async Task A_refused_connection_is_cut()
    {
        await using var server = await EchoServer.StartAsync();
        server.Refuses = true;
        try
        {
            await using var peer = await Peer.ConnectAsync(server.Address("mqtt"));
            await peer.ClosedAsync();
        }
        catch (SocketException error)
        {
            // The reset can be faster than the return of connect.
            error.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        }
    }
}
