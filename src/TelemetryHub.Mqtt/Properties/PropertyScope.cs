namespace TelemetryHub.Mqtt.Properties;

/// <summary>Where properties stand: in the packet of that type, or in the will of a CONNECT.</summary>
public enum PropertyScope : byte
{
    Will = 0,
    Connect = PacketType.Connect,
    ConnAck = PacketType.ConnAck,
    Publish = PacketType.Publish,
    PubAck = PacketType.PubAck,
    PubRec = PacketType.PubRec,
    PubRel = PacketType.PubRel,
    PubComp = PacketType.PubComp,
    Subscribe = PacketType.Subscribe,
    SubAck = PacketType.SubAck,
    Unsubscribe = PacketType.Unsubscribe,
    UnsubAck = PacketType.UnsubAck,
    Disconnect = PacketType.Disconnect,
    Auth = PacketType.Auth,
}
