using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>The packets of a client as bytes.</summary>
internal static class WireWriter
{
    public static byte[] Connect(
        MqttVersion version, string clientId, bool clean, int keepAlive, WillSpec? will, string? user, string? password, Props? props)
    {
        var output = new ArrayBufferWriter<byte>();
        new ConnectPacket
        {
            Version = version,
            ClientId = Utf8(clientId),
            CleanStart = clean,
            KeepAlive = (ushort)keepAlive,
            HasWill = will is not null,
            WillTopic = Utf8(will?.Topic),
            WillPayload = Utf8(will?.Payload),
            WillQoS = (QoS)(will?.QoS ?? 0),
            WillRetain = will?.Retain ?? false,
            WillProperties = Props.ListOf(will?.Properties),
            HasUserName = user is not null,
            UserName = Utf8(user),
            HasPassword = password is not null,
            Password = Utf8(password),
            Properties = Props.ListOf(props),
        }.Write(output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Publish(MqttVersion version, string topic, ReadOnlySpan<byte> payload, int qos, int id, bool retain, bool dup, Props? props)
    {
        var output = new ArrayBufferWriter<byte>();
        new PublishPacket
        {
            Topic = Utf8(topic),
            Payload = payload,
            QoS = (QoS)qos,
            PacketId = (ushort)id,
            Retain = retain,
            Dup = dup,
            Properties = Props.ListOf(props),
        }.Write(output, version);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Ack(MqttVersion version, PacketType type, int id, ReasonCode reason)
    {
        var output = new ArrayBufferWriter<byte>();
        new AckPacket { Type = type, PacketId = (ushort)id, Reason = reason }.Write(output, version);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Auth(ReasonCode reason, Props props)
    {
        var output = new ArrayBufferWriter<byte>();
        new AuthPacket { Reason = reason, Properties = Props.ListOf(props) }.Write(output, MqttVersion.V5);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Disconnect(MqttVersion version, ReasonCode reason, Props? props)
    {
        var output = new ArrayBufferWriter<byte>();
        new DisconnectPacket { Reason = reason, Properties = Props.ListOf(props) }.Write(output, version);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>By hand: the filters may be wrong ones.</summary>
    public static byte[] Subscribe(MqttVersion version, int id, Props? props, Filter[] filters) =>
        Filters(0x82, version, id, props, [.. filters.Select(filter => (byte[])[.. Block(filter.Text), (byte)filter.Options])]);

    public static byte[] Unsubscribe(MqttVersion version, int id, string[] filters) => Filters(0xA2, version, id, null, [.. filters.Select(Block)]);

    private static byte[] Filters(byte first, MqttVersion version, int id, Props? props, byte[][] entries)
    {
        byte[] properties = version != MqttVersion.V5 ? [] : [.. Length(props is null ? 0 : props.Encoded.Length), .. props is null ? default : props.Encoded];
        byte[] body = [(byte)(id >> 8), (byte)id, .. properties, .. entries.SelectMany(entry => entry)];
        return [first, .. Length(body.Length), .. body];
    }

    private static byte[] Length(int value)
    {
        List<byte> bytes = [];
        for (; value >= 128; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }

    private static byte[] Block(string text)
    {
        var utf8 = Utf8(text);
        var block = new byte[2 + utf8.Length];
        BinaryPrimitives.WriteUInt16BigEndian(block, (ushort)utf8.Length);
        utf8.CopyTo(block, 2);
        return block;
    }

    private static byte[] Utf8(string? text) => text is null ? [] : Encoding.UTF8.GetBytes(text);
}
