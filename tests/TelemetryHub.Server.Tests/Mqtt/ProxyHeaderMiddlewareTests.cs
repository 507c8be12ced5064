using System.Net;
using System.Text;
using TelemetryHub.Server.Tests.Http;

namespace TelemetryHub.Server.Tests.Mqtt;

public sealed class ProxyHeaderMiddlewareTests : IDisposable
{
    private const string Header = "PROXY TCP4 192.0.2.7 192.0.2.8 40000 1883\r\n";
    private readonly PemFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task The_header_names_the_peer_and_what_follows_it_is_carried()
    {
        await using var server = await EchoServer.StartAsync(proxy: true);
        await using var peer = await Peer.ConnectAsync(server.Address("mqtt"));
        await peer.SendAsync([.. Encoding.ASCII.GetBytes(Header), 1, 42]);
        (await peer.ReceiveAsync(2)).ShouldBe([1, 42]);
        (await server.NextAsync()).Link.Info.Remote.ShouldBe(IPEndPoint.Parse("192.0.2.7:40000"));
    }

    [Fact]
    public async Task A_header_in_pieces_is_put_together()
    {
        await using var server = await EchoServer.StartAsync(proxy: true);
        await using var peer = await Peer.ConnectAsync(server.Address("mqtt"));
        foreach (byte one in Encoding.ASCII.GetBytes(Header)) await peer.SendAsync(one);
        await peer.SendAsync(1, 42);
        (await peer.ReceiveAsync(2)).ShouldBe([1, 42]);
    }

    [Fact]
    public async Task The_header_stands_before_tls()
    {
        await using var server = await EchoServer.StartAsync(proxy: true, tls: _files);
        await using var peer = await Peer.ConnectAsync(server.Address("mqtts"));
        await peer.SendAsync(Encoding.ASCII.GetBytes(Header));
        await peer.SecureAsync(_files);
        await peer.SendAsync(1, 42);
        (await peer.ReceiveAsync(2)).ShouldBe([1, 42]);
        (await server.NextAsync()).Link.Info.Remote.ShouldBe(IPEndPoint.Parse("192.0.2.7:40000"));
    }

    [Fact]
    public async Task A_connection_of_the_proxy_itself_keeps_its_address()
    {
        await using var server = await EchoServer.StartAsync(proxy: true);
        await using var peer = await Peer.ConnectAsync(server.Address("mqtt"));
        await peer.SendAsync([.. Encoding.ASCII.GetBytes("PROXY UNKNOWN\r\n"), 1, 42]);
        await peer.ReceiveAsync(2);
        (await server.NextAsync()).Link.Info.Remote.ShouldBe(peer.Local);
    }

    [Fact]
    public async Task A_connection_without_a_header_is_cut()
    {
        await using var server = await EchoServer.StartAsync(proxy: true);
        await using var peer = await Peer.ConnectAsync(server.Address("mqtt"));
        await peer.SendAsync(0x10, 0x0C, 0, 4);
        await peer.ClosedAsync();
    }
}
