using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>A packet of the handshake, kept beyond the buffer that it came in.</summary>
internal sealed record ReceivedPacket(PacketHeader Header, byte[] Body);
