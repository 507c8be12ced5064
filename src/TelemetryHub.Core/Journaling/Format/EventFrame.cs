using System.Buffers.Binary;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>An event as it stands in a segment; the bytes are the buffer's.</summary>
internal ref struct EventFrame
{
    private const EventFlags Optional = EventFlags.HasProperties | EventFlags.Expires | EventFlags.HasSession;

    public EventFlags Flags { get; private set; }

    public long Sequence { get; private set; }

    public long Time { get; private set; }

    public int TopicId { get; private set; }

    public int PublisherId { get; private set; }

    public long ExpiresAt { get; private set; }

    public uint Session { get; private set; }

    public ushort PacketId { get; private set; }

    public ReadOnlySpan<byte> Properties { get; private set; }

    public ReadOnlySpan<byte> Payload { get; private set; }

    public readonly QoS QoS => (QoS)(Flags & EventFlags.QoSMask);

    /// <summary>Whether whoever restores the hub's state must see it: it is retained, or takes a packet id of a session.</summary>
    public readonly bool IsState => (Flags & (EventFlags.Retain | EventFlags.HasSession)) != 0;

    /// <summary>An event of its own, with copies of the bytes.</summary>
    public readonly Event ToEvent(Topic topic, Principal publisher) => new()
    {
        Topic = topic,
        Publisher = publisher,
        Payload = Payload.ToArray(),
        Properties = (Flags & EventFlags.HasProperties) != 0 ? Properties.ToArray() : null,
        Time = Time,
        ExpiresAt = ExpiresAt,
        QoS = QoS,
        Retain = (Flags & EventFlags.Retain) != 0,
        Session = Session,
        PacketId = PacketId,
        Sequence = Sequence,
    };

    public static bool TryRead(ReadOnlySpan<byte> body, scoped in SegmentHeader header, out EventFrame frame)
    {
        frame = default;
        if (body.IsEmpty)
            return false;
        var flags = (EventFlags)body[0];
        var at = 1;
        if (!Varint.TryRead(body, ref at, out ulong sequence)
            || !Varint.TryRead(body, ref at, out ulong time)
            || !Varint.TryRead(body, ref at, out int topic)
            || !Varint.TryRead(body, ref at, out int publisher))
            return false;
        frame.Flags = flags;
        frame.Sequence = header.FirstSequence + (long)sequence;
        frame.Time = header.Created + Varint.UnZigZag(time);
        frame.TopicId = topic;
        frame.PublisherId = publisher;
        frame.Payload = body[at..];
        return (flags & EventFlags.QoSMask) != EventFlags.QoSMask
            && frame.Sequence >= header.FirstSequence
            && ((flags & Optional) == 0 || frame.TryReadOptional());
    }

    private bool TryReadOptional()
    {
        var rest = Payload;
        var at = 0;
        if ((Flags & EventFlags.Expires) != 0)
        {
            if (!Varint.TryRead(rest, ref at, out ulong lifetime))
                return false;
            ExpiresAt = Time + (long)lifetime;
        }
        if ((Flags & EventFlags.HasSession) != 0)
        {
            if (!Varint.TryRead(rest, ref at, out ulong session) || session > uint.MaxValue || rest.Length - at < sizeof(ushort))
                return false;
            Session = (uint)session;
            PacketId = BinaryPrimitives.ReadUInt16LittleEndian(rest[at..]);
            at += sizeof(ushort);
        }
        if ((Flags & EventFlags.HasProperties) != 0)
        {
            if (!Varint.TryRead(rest, ref at, out int length) || length > rest.Length - at)
                return false;
            Properties = rest.Slice(at, length);
            at += length;
        }
        Payload = rest[at..];
        return true;
    }
}
