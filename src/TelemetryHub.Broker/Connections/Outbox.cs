using System.Buffers;
using System.Runtime.CompilerServices;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Sessions;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Broker.Connections;

/// <summary>What leaves a connection: first the answers, then as many deliveries as the budget allows. Owned by its connection.</summary>
internal sealed class Outbox(Connection connection, MqttBroker broker)
{
    private OutgoingAliases? _aliases;

    public void Begin(ClientSettings settings)
    {
        var aliases = Math.Min(settings.TopicAliasMaximum, broker.Options.TopicAliasMaximum);
        _aliases = aliases > 0 ? new OutgoingAliases(aliases) : null;
    }

    public FillResult Fill(IBufferWriter<byte> output, int budgetBytes)
    {
        var sent = new Sent { Bytes = connection.Control.Count, Packets = connection.Control.Packets };
        connection.Control.MoveTo(output);
        var limits = new DeliveryLimits(connection.Version, connection.Settings.MaxPacketBytes, broker.UnixMilliseconds);
        var taken = new Batch();
        while (budgetBytes > 0)
        {
            var count = connection.Session.Take(connection, taken, budgetBytes, limits);
            if (count == 0)
                break;
            foreach (ref readonly var outgoing in taken[..count])
                budgetBytes -= Write(output, outgoing, limits, ref sent);
        }
        broker.Statistics.Send(sent.Bytes, sent.Packets, sent.Publishes, sent.PayloadBytes);
        return budgetBytes <= 0 && connection.Session.HasOutgoing ? FillResult.More : FillResult.Empty;
    }

    private int Write(IBufferWriter<byte> output, in Outgoing outgoing, in DeliveryLimits limits, ref Sent sent)
    {
        sent.Packets++;
        if (outgoing.IsRelease)
        {
            new AckPacket { Type = PacketType.PubRel, PacketId = outgoing.PacketId }.Write(output, connection.Version);
            sent.Bytes += Outgoing.ReleaseBytes;
            return Outgoing.ReleaseBytes;
        }
        var (alias, isKnown) = _aliases is not null && limits.FitsWithAlias(outgoing.Delivery) ? _aliases.For(outgoing.Delivery.Event.Topic) : default;
        var bytes = PublishEncoder.Write(output, outgoing, limits, alias, isKnown);
        sent.Bytes += bytes;
        sent.Publishes++;
        sent.PayloadBytes += outgoing.Delivery.Event.Payload.Length;
        return bytes;
    }

    // Deliveries are taken from the session in batches: one lock for many, and none is held while they are encoded.
    [InlineArray(32)]
    private struct Batch
    {
        private Outgoing _first;
    }

    private ref struct Sent
    {
        public long Bytes;
        public int Packets;
        public int Publishes;
        public long PayloadBytes;
    }
}
