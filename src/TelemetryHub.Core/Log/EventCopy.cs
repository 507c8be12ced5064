using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Log;

/// <summary>
/// A whole event as bytes, for what must outlive its place in the log: retained messages, and replays of them that wait in a queue. Little endian:
/// flags u8 (bits 0-1 QoS, 2 retain, 3 user, 4 properties) | sequence, time, expires i64 | topic, client id, [user], [properties]: length i32, bytes | payload (the rest).
/// </summary>
public static class EventCopy
{
    private const int FixedBytes = 1 + (3 * sizeof(long));
    private const byte QoSBits = 3, RetainBit = 4, UserBit = 8, PropertiesBit = 16;

    /// <summary>Writes the event.</summary>
    public static void Write(Event @event, IBufferWriter<byte> output)
    {
        var head = output.GetSpan(FixedBytes);
        head[0] = (byte)((int)@event.QoS | (@event.Retain ? RetainBit : 0) | (@event.Publisher.User is null ? 0 : UserBit) | (@event.Properties is null ? 0 : PropertiesBit));
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], @event.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(head[9..], @event.Time);
        BinaryPrimitives.WriteInt64LittleEndian(head[17..], @event.ExpiresAt);
        output.Advance(FixedBytes);
        WriteBytes(output, @event.Topic.Name.Utf8);
        WriteBytes(output, Encoding.UTF8.GetBytes(@event.Publisher.ClientId));
        if (@event.Publisher.User is { } user)
            WriteBytes(output, Encoding.UTF8.GetBytes(user));
        if (@event.Properties is { } properties)
            WriteBytes(output, properties);
        output.Write(@event.Payload);
    }

    /// <summary>The topic of a copy, without reading the rest.</summary>
    /// <exception cref="InvalidDataException">It is no copy of an event.</exception>
    public static ReadOnlySpan<byte> TopicOf(ReadOnlySpan<byte> copy)
    {
        if (copy.Length < FixedBytes)
            throw Wrong();
        var rest = copy[FixedBytes..];
        return ReadBytes(ref rest);
    }

    /// <summary>Reads a copy.</summary>
    /// <exception cref="InvalidDataException">It is no copy of an event.</exception>
    public static Event Read(ReadOnlySpan<byte> copy, TopicTable topics)
    {
        var name = TopicOf(copy);
        if (!TopicName.IsValid(name))
            throw Wrong();
        var flags = copy[0];
        var rest = copy[(FixedBytes + sizeof(int) + name.Length)..];
        var clientId = Encoding.UTF8.GetString(ReadBytes(ref rest));
        var user = (flags & UserBit) == 0 ? null : Encoding.UTF8.GetString(ReadBytes(ref rest));
        var properties = (flags & PropertiesBit) == 0 ? null : ReadBytes(ref rest).ToArray();
        var publisher = new Principal(clientId, user);
        return new Event
        {
            Topic = topics.Get(name),
            Payload = rest.ToArray(),
            Properties = properties,
            Publisher = publisher == Principal.Hub ? Principal.Hub : publisher,
            Time = BinaryPrimitives.ReadInt64LittleEndian(copy[9..]),
            ExpiresAt = BinaryPrimitives.ReadInt64LittleEndian(copy[17..]),
            QoS = (flags & QoSBits) <= (int)QoS.ExactlyOnce ? (QoS)(flags & QoSBits) : throw Wrong(),
            Retain = (flags & RetainBit) != 0,
            Sequence = BinaryPrimitives.ReadInt64LittleEndian(copy[1..]),
        };
    }

    private static void WriteBytes(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), bytes.Length);
        output.Advance(sizeof(int));
        output.Write(bytes);
    }

    private static ReadOnlySpan<byte> ReadBytes(scoped ref ReadOnlySpan<byte> from)
    {
        if (from.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(from) is var length && (length < 0 || length > from.Length - sizeof(int)))
            throw Wrong();
        var bytes = from.Slice(sizeof(int), length);
        from = from[(sizeof(int) + length)..];
        return bytes;
    }

    private static InvalidDataException Wrong() => new("These bytes are not the copy of an event.");
}
