using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>What the server's DISCONNECT says.</summary>
internal static class DisconnectReading
{
    public static ConnectionEnd ToEnd(byte flags, ReadOnlySpan<byte> body)
    {
        var fault = DisconnectPacket.TryRead(flags, body, MqttVersion.V5, out var packet);
        if (fault != ProtocolFault.None)
            return new ConnectionEnd(DisconnectCause.ProtocolViolated) { Fault = fault, Reason = fault.ToReasonCode() };
        return new ConnectionEnd(DisconnectCause.ServerDisconnected)
        {
            Reason = packet.Reason,
            ReasonString = packet.Properties.Text(PropertyId.ReasonString),
            ServerReference = packet.Properties.Text(PropertyId.ServerReference),
            UserProperties = packet.Properties.UserProperties(),
        };
    }
}
