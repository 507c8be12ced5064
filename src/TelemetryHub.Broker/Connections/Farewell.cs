using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Broker.Connections;

/// <summary>How a connection's end is told: to the client, and of its link. Stateless.</summary>
internal static class Farewell
{
    /// <summary>Writes the DISCONNECT of an MQTT 5 server.</summary>
    public static void Write(ControlBuffer output, ReasonCode reason, string? serverReference)
    {
        var properties = new PropertyWriter(stackalloc byte[128]);
        if (!string.IsNullOrEmpty(serverReference))
            properties.Text(PropertyId.ServerReference, serverReference);
        new DisconnectPacket { Reason = reason, Properties = PropertyList.FromValidated(properties.Written) }.Write(output, MqttVersion.V5);
        properties.Dispose();
    }

    /// <summary>What the end of a link that the hub did not close comes to.</summary>
    public static DisconnectCause CauseOf(LinkEnd end) => end switch
    {
        LinkEnd.PeerClosed => DisconnectCause.PeerClosed,
        LinkEnd.Aborted => DisconnectCause.Aborted,
        LinkEnd.TransportFault => DisconnectCause.TransportFault,
        _ => DisconnectCause.Reset,
    };
}
