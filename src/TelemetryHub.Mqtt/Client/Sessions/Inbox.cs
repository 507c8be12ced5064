using System.Threading.Channels;
using TelemetryHub.Mqtt.Client.Connections;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client.Sessions;

/// <summary>Everything this client receives: the waiting messages, what has to be acknowledged, and which QoS 2 ids were seen. Lives as long as the client.</summary>
internal sealed class Inbox(MqttClientOptions options)
{
    private readonly Channel<ReceivedMessage> _channel = Channel.CreateBounded<ReceivedMessage>(
        new BoundedChannelOptions(options.MaximumWaitingMessages) { SingleWriter = true });
    private readonly Lock _gate = new(); // guards the fields below and what ReceivedMessage says of its ack
    private readonly Dictionary<ushort, ReceivedMessage> _exactlyOnce = []; // QoS 2, from PUBLISH to PUBREL; outlives connections
    private readonly Queue<ReceivedMessage> _acks = []; // what this connection has to acknowledge, in order
    private Outbox? _outbox;
    private int _open; // how much of the receive maximum this connection uses

    public ChannelReader<ReceivedMessage> Messages => _channel.Reader;

    public void Attach(Outbox outbox, bool sessionPresent)
    {
        lock (_gate)
        {
            _outbox = outbox;
            _acks.Clear(); // the server sends again what it still waits for
            _open = 0;
            if (!sessionPresent)
                _exactlyOnce.Clear();
        }
    }

    /// <summary>No more messages will come.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    /// <summary>
    /// Takes note of a PUBLISH. <paramref name="message"/> is null when the application has it already. False when the server sends more
    /// than it may.
    /// </summary>
    public bool TryAccept(in PublishPacket packet, TopicName topic, out ReceivedMessage? message)
    {
        message = null;
        if (packet.QoS == QoS.AtMostOnce)
        {
            message = new ReceivedMessage(this, packet, topic);
            return true;
        }

        lock (_gate)
        {
            if (++_open > options.ReceiveMaximum && options.Version == MqttVersion.V5)
                return false;
            if (packet.QoS == QoS.ExactlyOnce && _exactlyOnce.TryGetValue(packet.PacketId, out var known))
            {
                _acks.Enqueue(known);
                SendAcks();
                return true;
            }

            message = new ReceivedMessage(this, packet, topic);
            if (packet.QoS == QoS.ExactlyOnce)
                _exactlyOnce.Add(packet.PacketId, message);
            _acks.Enqueue(message);
            return true;
        }
    }

    public bool TryDeliver(ReceivedMessage message) => _channel.Writer.TryWrite(message);

    public ValueTask DeliverAsync(ReceivedMessage message, CancellationToken cancellationToken) =>
        _channel.Writer.WriteAsync(message, cancellationToken);

    /// <summary>The application did not get the message: the connection ended first. The server will send it again.</summary>
    public void Withdraw(ReceivedMessage message)
    {
        lock (_gate)
        {
            if (message.QoS == QoS.ExactlyOnce)
                _exactlyOnce.Remove(message.PacketId);
        }
    }

    public void Acknowledge(ReceivedMessage message)
    {
        lock (_gate)
        {
            message.IsAcknowledged = true;
            SendAcks();
        }
    }

    public void OnPubRel(ushort packetId)
    {
        lock (_gate)
        {
            var known = _exactlyOnce.Remove(packetId);
            _open = Math.Max(0, _open - 1);
            _outbox?.WriteAck(PacketType.PubComp, packetId, known ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
        }
    }

    // MQTT 5 §4.6: PUBACK and PUBREC leave in the order in which the messages came
    private void SendAcks()
    {
        while (_acks.TryPeek(out var message) && message.IsAcknowledged)
        {
            _acks.Dequeue();
            if (message.QoS == QoS.AtLeastOnce)
                _open--;
            _outbox?.WriteAck(message.QoS == QoS.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, message.PacketId);
        }
    }
}
