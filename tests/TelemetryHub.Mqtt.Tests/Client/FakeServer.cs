using System.Net;
using System.Net.Sockets;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.Mqtt.Tests.Client;

/// <summary>A server on loopback that does exactly what the test says, byte by byte.</summary>
public sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<FakePeer> _peers = [];
    private readonly List<MqttClient> _clients = [];

    public FakeServer() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Options for a client of this server that reconnects without waiting.</summary>
    public MqttClientOptions Options => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        ClientId = "c",
        KeepAlive = TimeSpan.Zero,
        TopicAliasMaximum = 0,
        MaximumPacketBytes = 0x10000,
        Reconnect = new ReconnectPolicy { MinimumDelay = TimeSpan.Zero, Jitter = () => 0 },
    };

    /// <summary>A client that is disposed with the server, after the connections are cut: a polite client would wait for the server's end.</summary>
    public MqttClient Client(MqttClientOptions? options = null, TimeProvider? time = null)
    {
        var client = new MqttClient(options ?? Options, time);
        _clients.Add(client);
        return client;
    }

    public async Task<FakePeer> AcceptAsync()
    {
        var peer = new FakePeer(await _listener.AcceptTcpClientAsync(Limits.Patience()));
        _peers.Add(peer);
        return peer;
    }

    /// <summary>Takes the next connection up to CONNACK, whose bytes may be given.</summary>
    public async Task<FakePeer> AcceptMqttAsync(string connAck = "20 03 00 00 00")
    {
        var peer = await AcceptAsync();
        peer.Connect = await peer.ReadPacketAsync();
        peer.Connect[0].ShouldBe((byte)0x10);
        await peer.SendAsync(connAck);
        return peer;
    }

    /// <summary>Connects a client to a connection of this server.</summary>
    public async Task<FakePeer> ConnectAsync(MqttClient client, string connAck = "20 03 00 00 00")
    {
        var connecting = client.ConnectAsync(Limits.Patience());
        var peer = await AcceptMqttAsync(connAck);
        await connecting.Soon();
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        _peers.ForEach(peer => peer.Cut());
        foreach (var client in _clients)
            await client.DisposeAsync().AsTask().Soon();
    }
}
