using System.Net;
using System.Net.Sockets;
using System.Text;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>A client that does nothing by itself: it sends what a test says, right or wrong, and shows what comes back, packet by packet.</summary>
internal sealed class WireClient : IDisposable
{
    /// <summary>Real time: far more than any answer takes, even on a machine that builds something else meanwhile.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private byte[] _buffer = new byte[4096];
    private int _buffered;

    private WireClient(Socket socket, MqttVersion version) => (Socket, Version) = (socket, version);

    public Socket Socket { get; }

    public MqttVersion Version { get; }

    public static WireClient Open(IPEndPoint address, MqttVersion version, int receiveBufferBytes = 0)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes > 0)
            socket.ReceiveBufferSize = receiveBufferBytes;
        socket.Connect(address);
        return new WireClient(socket, version);
    }

    /// <summary>Sends CONNECT and returns the answer, whatever it is.</summary>
    public Task<WirePacket> ConnectAsync(
        string clientId, bool clean = true, Props? props = null, int keepAlive = 0, WillSpec? will = null, string? user = null, string? password = null)
    {
        SendConnect(clientId, clean, props, keepAlive, will, user, password);
        return ReceiveAsync();
    }

    public void SendConnect(
        string clientId, bool clean = true, Props? props = null, int keepAlive = 0, WillSpec? will = null, string? user = null, string? password = null) =>
        Send(WireWriter.Connect(Version, clientId, clean, keepAlive, will, user, password, props));

    public void Publish(string topic, string payload = "", int qos = 0, int id = 0, bool retain = false, bool dup = false, Props? props = null) =>
        Publish(topic, Encoding.UTF8.GetBytes(payload), qos, id, retain, dup, props);

    public void Publish(string topic, byte[] payload, int qos = 0, int id = 0, bool retain = false, bool dup = false, Props? props = null) =>
        Send(WireWriter.Publish(Version, topic, payload, qos, id, retain, dup, props));

    /// <summary>Publishes with QoS 1 and waits for the acknowledgement: afterwards the message has been routed.</summary>
    public async Task<WirePacket> PublishAckedAsync(string topic, string payload = "", bool retain = false, int id = 999, Props? props = null)
    {
        Publish(topic, payload, qos: 1, id: id, retain: retain, props: props);
        var ack = await ReceiveAsync();
        ack.Type.ShouldBe(PacketType.PubAck, ack.ToString());
        ack.PacketId.ShouldBe((ushort)id);
        return ack;
    }

    public void Ack(PacketType type, int id, ReasonCode reason = ReasonCode.Success) => Send(WireWriter.Ack(Version, type, id, reason));

    /// <summary>Sends SUBSCRIBE and returns the answer.</summary>
    public Task<WirePacket> AskSubscribeAsync(int id, Props? props, params Filter[] filters)
    {
        Send(WireWriter.Subscribe(Version, id, props, filters));
        return ReceiveAsync();
    }

    /// <summary>Subscribes; every filter must be granted what it asks for.</summary>
    public async Task SubscribeAsync(params Filter[] filters)
    {
        var answer = await AskSubscribeAsync(1, null, filters);
        answer.ToString().ShouldBe($"SUBACK id=1 {string.Join(' ', filters.Select(filter => $"0{filter.QoS}"))}");
    }

    /// <summary>Sends UNSUBSCRIBE and returns the answer.</summary>
    public Task<WirePacket> UnsubscribeAsync(int id, params string[] filters)
    {
        Send(WireWriter.Unsubscribe(Version, id, filters));
        return ReceiveAsync();
    }

    public void Disconnect(ReasonCode reason = ReasonCode.Success, Props? props = null) => Send(WireWriter.Disconnect(Version, reason, props));

    /// <summary>Says goodbye and waits until the broker has closed: afterwards the session is detached.</summary>
    public Task LeaveAsync(ReasonCode reason = ReasonCode.Success, Props? props = null)
    {
        Disconnect(reason, props);
        return ExpectClosedAsync();
    }

    public void Send(params byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += Socket.Send(bytes, sent, bytes.Length - sent, SocketFlags.None);
    }

    /// <summary>Sends PINGREQ and waits for the answer: what was sent before has been handled.</summary>
    public async Task PingAsync()
    {
        Send(0xC0, 0);
        await ExpectAsync("PINGRESP");
    }

    /// <summary>Nothing is on its way to this client. The second ping is behind everything that was queued when the first one came.</summary>
    public async Task ExpectNothingAsync()
    {
        await PingAsync();
        await PingAsync();
    }

    /// <summary>The next packets must be exactly these.</summary>
    public async Task ExpectAsync(params string[] packets)
    {
        foreach (var packet in packets)
            (await ReceiveAsync()).ToString().ShouldBe(packet);
    }

    /// <summary>The next packets must be these, in any order: answers overtake deliveries.</summary>
    public async Task ExpectInAnyOrderAsync(params string[] packets)
    {
        List<string> received = [];
        for (var i = 0; i < packets.Length; i++)
            received.Add((await ReceiveAsync()).ToString());
        received.ShouldBe(packets, ignoreOrder: true);
    }

    public async Task<WirePacket> ReceiveAsync() =>
        await TryReceiveAsync() ?? throw new InvalidOperationException("The broker closed the connection instead of sending a packet.");

    /// <summary>The next packet; null when the broker has closed.</summary>
    public async Task<WirePacket?> TryReceiveAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            if (WireReader.TryRead(_buffer.AsSpan(0, _buffered), Version) is { } packet)
            {
                _buffered -= packet.TotalBytes;
                _buffer.AsSpan(packet.TotalBytes, _buffered).CopyTo(_buffer);
                return packet;
            }
            if (_buffered == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            if (await ReceiveBytesAsync(patience.Token) is not (> 0 and var received))
                return null;
            _buffered += received;
        }
    }

    /// <summary>The broker must close now, without another packet.</summary>
    public async Task ExpectClosedAsync() => (await TryReceiveAsync())?.ToString().ShouldBeNull("the connection should have been closed");

    /// <summary>Cuts the connection so that the broker sees a reset, not an end.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    public void Dispose() => Socket.Dispose();

    private async Task<int> ReceiveBytesAsync(CancellationToken cancellation)
    {
        try
        {
            return await Socket.ReceiveAsync(_buffer.AsMemory(_buffered), cancellation);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The broker neither sent a packet nor closed within {Patience.TotalSeconds} s.");
        }
    }
}
