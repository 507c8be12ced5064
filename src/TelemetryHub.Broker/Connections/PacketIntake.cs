using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Broker.Connections;

/// <summary>The packets of a connected client other than PUBLISH: decoded and brought to whoever knows them. Stateless.</summary>
internal static class PacketIntake
{
    /// <summary>Anything but None ends the connection.</summary>
    public static ProtocolFault Take(Connection connection, MqttBroker broker, in PacketHeader header, ReadOnlySpan<byte> body) => header.Type switch
    {
        PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp => TakeAck(connection, header, body),
        PacketType.Subscribe => TakeSubscribe(connection, broker, header, body),
        PacketType.Unsubscribe => TakeUnsubscribe(connection, broker, header, body),
        PacketType.PingReq => TakePing(connection, header, body),
        PacketType.Disconnect => TakeDisconnect(connection, broker, header, body),
        PacketType.Auth => TakeAuth(connection, header, body),
        _ => ProtocolFault.UnexpectedPacket, // MQTT 5 §3.1.0.2: a second CONNECT; and what only a server sends
    };

    private static ProtocolFault TakeAck(Connection connection, in PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = AckPacket.TryRead(header.Type, header.Flags, body, connection.Version, out var packet);
        if (fault == ProtocolFault.None)
            AckIntake.Take(connection, connection.Session, packet);
        return fault;
    }

    private static ProtocolFault TakeSubscribe(Connection connection, MqttBroker broker, in PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = SubscribePacket.TryRead(header.Flags, body, connection.Version, out var packet);
        if (fault == ProtocolFault.None)
            SubscriptionIntake.Subscribe(connection, broker, packet);
        return fault;
    }

    private static ProtocolFault TakeUnsubscribe(Connection connection, MqttBroker broker, in PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = UnsubscribePacket.TryRead(header.Flags, body, connection.Version, out var packet);
        if (fault == ProtocolFault.None)
            SubscriptionIntake.Unsubscribe(connection, broker, packet);
        return fault;
    }

    private static ProtocolFault TakePing(Connection connection, in PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = PingPacket.TryRead(header.Flags, body);
        if (fault == ProtocolFault.None)
            PingPacket.WriteResponse(connection.Control);
        return fault;
    }

    private static ProtocolFault TakeDisconnect(Connection connection, MqttBroker broker, in PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = DisconnectPacket.TryRead(header.Flags, body, connection.Version, out var packet);
        if (fault != ProtocolFault.None)
            return fault;
        if (packet.Properties.TryGetNumber(PropertyId.SessionExpiryInterval, out var expiry) && !broker.Sessions.TryChangeExpiry(connection.Session, connection, expiry))
            return ProtocolFault.ExpiryOfEndedSession;
        connection.Leave(withWill: packet.Reason != ReasonCode.Success);
        return ProtocolFault.None;
    }

    private static ProtocolFault TakeAuth(Connection connection, in PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = AuthPacket.TryRead(header.Flags, body, connection.Version, out var packet);
        if (fault != ProtocolFault.None)
            return fault;
        return connection.Authentication?.Again(connection, packet) ?? ProtocolFault.UnexpectedPacket;
    }
}
