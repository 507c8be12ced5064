using TelemetryHub.Mqtt.Client.Sessions;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client;

/// <summary>A message from the server. The application owns it, payload included.</summary>
public sealed class ReceivedMessage
{
    private readonly Inbox _inbox;
    private readonly byte[] _rawProperties;
    private MessageProperties? _properties;

    internal ReceivedMessage(Inbox inbox, in PublishPacket packet, TopicName topic)
    {
        _inbox = inbox;
        _rawProperties = packet.Properties.Raw.ToArray();
        Topic = topic;
        Payload = packet.Payload.ToArray();
        (QoS, Retain, Duplicate, PacketId) = (packet.QoS, packet.Retain, packet.Dup, packet.PacketId);
    }

    public TopicName Topic { get; }

    public ReadOnlyMemory<byte> Payload { get; }

    public QoS QoS { get; }

    public bool Retain { get; }

    /// <summary>The server sent it before. With QoS 1 the application may have seen it already, or not.</summary>
    public bool Duplicate { get; }

    /// <summary>Read when first asked for.</summary>
    public MessageProperties Properties => _properties ??= MessageProperties.Read(PropertyList.FromValidated(_rawProperties));

    /// <summary>The identifiers of all subscriptions that matched, as far as they had one.</summary>
    public IReadOnlyList<uint> SubscriptionIdentifiers
    {
        get
        {
            List<uint>? found = null;
            foreach (var property in PropertyList.FromValidated(_rawProperties))
            {
                if (property.Id == PropertyId.SubscriptionIdentifier)
                    (found ??= []).Add(property.Number);
            }

            return found is null ? [] : found;
        }
    }

    /// <summary>0 for QoS 0.</summary>
    internal ushort PacketId { get; }

    /// <summary>Guarded by the inbox.</summary>
    internal bool IsAcknowledged { get; set; }

    /// <summary>
    /// With <see cref="AckMode.Manual"/>: the application is done with the message, so the server may forget it. Without effect on QoS 0, on a
    /// message that is acknowledged already, and on one from an earlier connection, which the server sends again if it still waits.
    /// </summary>
    public ValueTask AcknowledgeAsync()
    {
        if (QoS != QoS.AtMostOnce)
            _inbox.Acknowledge(this);
        return ValueTask.CompletedTask;
    }
}
