using TelemetryHub.Broker.Sessions;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Broker.Connections;

/// <summary>A client's acknowledgements: of what it was sent (PUBACK, PUBREC, PUBCOMP) and of its own QoS 2 publishes (PUBREL). Stateless.</summary>
internal static class AckIntake
{
    public static void Take(Connection connection, Session session, in AckPacket packet)
    {
        switch (packet.Type)
        {
            case PacketType.PubAck:
                session.Acknowledge(packet.PacketId, QoS.AtLeastOnce);
                break;
            case PacketType.PubRec:
                TakeReceived(connection, session, packet);
                return;
            case PacketType.PubComp:
                session.Complete(packet.PacketId);
                break;
            default:
                var known = session.Received.Release(packet.PacketId, out var ticket);
                connection.Answers.Add(ticket, PacketType.PubComp, packet.PacketId, ReasonFor(known, connection));
                return;
        }
        connection.Link.Wake(); // the window may have opened
    }

    // MQTT 5 §4.3.3: an error ends the delivery; otherwise PUBREL is due, also for an id that we do not know (any more).
    private static void TakeReceived(Connection connection, Session session, in AckPacket packet)
    {
        if (packet.Reason >= ReasonCode.UnspecifiedError)
        {
            session.Acknowledge(packet.PacketId, QoS.ExactlyOnce);
            connection.Link.Wake();
            return;
        }
        var known = session.Receive(packet.PacketId, out var ticket);
        connection.Answers.Add(ticket, PacketType.PubRel, packet.PacketId, ReasonFor(known, connection));
    }

    // MQTT 5 §3.6.2.1: an unknown id is no error while a session is resumed, when the last step is repeated because its answer was lost.
    // It is not called one then: mqtt.js and paho give up on the reason code.
    private static ReasonCode ReasonFor(bool isKnown, Connection connection) =>
        isKnown || connection.IsResumed ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound;
}
