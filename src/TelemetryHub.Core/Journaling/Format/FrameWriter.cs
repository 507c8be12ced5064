using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>
/// Encodes frames of one segment, one behind the other, into a buffer that grows. Every method that adds a frame returns where it begins in
/// <see cref="Written"/>. One thread.
/// </summary>
internal sealed class FrameWriter : IDisposable
{
    private const int UsualBytes = 256 << 10;

    // A single large batch must not keep its memory for ever.
    private const int MaxKeptBytes = 4 << 20;

    // Flags, sequence, time, topic, publisher, lifetime, session with packet id, length of the properties.
    private const int MaxEventHeadBytes = FrameReader.MinFrameBytes + 1 + (7 * Varint.MaxBytes) + sizeof(ushort);

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(UsualBytes);
    private int _count;
    private uint _salt;
    private long _firstSequence;
    private long _created;

    /// <summary>The frames. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _count);

    /// <summary>Their length.</summary>
    public int Count => _count;

    /// <summary>What follows belongs to this segment. What was written before is forgotten.</summary>
    public void Reset(in SegmentHeader header)
    {
        (_salt, _firstSequence, _created) = (header.Salt, header.FirstSequence, header.Created);
        Clear();
    }

    /// <summary>Forgets what was written.</summary>
    public void Clear()
    {
        _count = 0;
        if (_buffer.Length > MaxKeptBytes)
            Replace(UsualBytes);
    }

    public int Commit(in CommitFrame commit)
    {
        var to = Begin(FrameKind.Commit, CommitFrame.BodyBytes);
        commit.Write(to[FrameReader.MinFrameBytes..]);
        return End(FrameReader.MinFrameBytes + CommitFrame.BodyBytes);
    }

    public int Topic(int id, TopicName name)
    {
        var to = Begin(FrameKind.Topic, Varint.MaxBytes + name.Utf8.Length);
        var at = Varint.Write(to, FrameReader.MinFrameBytes, (uint)id);
        name.Utf8.CopyTo(to[at..]);
        return End(at + name.Utf8.Length);
    }

    public int Publisher(int id, Principal publisher)
    {
        var clientIdBytes = Encoding.UTF8.GetByteCount(publisher.ClientId);
        var userBytes = publisher.User is null ? 0 : Encoding.UTF8.GetByteCount(publisher.User);
        var to = Begin(FrameKind.Publisher, (2 * Varint.MaxBytes) + clientIdBytes + 1 + userBytes);
        var at = Varint.Write(to, FrameReader.MinFrameBytes, (uint)id);
        at = Varint.Write(to, at, (uint)clientIdBytes);
        at += Encoding.UTF8.GetBytes(publisher.ClientId, to[at..]);
        to[at++] = publisher.User is null ? (byte)0 : (byte)1;
        at += Encoding.UTF8.GetBytes(publisher.User ?? "", to[at..]);
        return End(at);
    }

    /// <summary>The event must have its sequence. Topic and publisher have had their frames in this segment.</summary>
    public int Event(Event @event, int topicId, int publisherId)
    {
        var payload = @event.Payload;
        var properties = @event.Properties;
        var room = checked(MaxEventHeadBytes + payload.Length + (properties?.Length ?? 0));
        var to = Begin(FrameKind.Event, room);
        var flags = (EventFlags)@event.QoS;
        var at = FrameReader.MinFrameBytes + 1;
        at = Varint.Write(to, at, (ulong)(@event.Sequence - _firstSequence));
        at = Varint.Write(to, at, Varint.ZigZag(@event.Time - _created));
        at = Varint.Write(to, at, (uint)topicId);
        at = Varint.Write(to, at, (uint)publisherId);
        if (@event.Retain)
            flags |= EventFlags.Retain;
        if (@event.ExpiresAt != 0)
        {
            flags |= EventFlags.Expires;
            at = Varint.Write(to, at, (ulong)(@event.ExpiresAt - @event.Time));
        }
        if (@event.Session != 0)
        {
            flags |= EventFlags.HasSession;
            at = Varint.Write(to, at, @event.Session);
            BinaryPrimitives.WriteUInt16LittleEndian(to[at..], @event.PacketId);
            at += sizeof(ushort);
        }
        if (properties is not null)
        {
            flags |= EventFlags.HasProperties;
            at = Varint.Write(to, at, (uint)properties.Length);
            properties.CopyTo(to[at..]);
            at += properties.Length;
        }
        to[FrameReader.MinFrameBytes] = (byte)flags;
        payload.CopyTo(to[at..]);
        return End(at + payload.Length);
    }

    /// <summary>Entries as <see cref="StateEntries.Write"/> makes them.</summary>
    public int State(ReadOnlySpan<byte> entries)
    {
        var to = Begin(FrameKind.State, entries.Length);
        entries.CopyTo(to[FrameReader.MinFrameBytes..]);
        return End(FrameReader.MinFrameBytes + entries.Length);
    }

    /// <summary>A block of a snapshot.</summary>
    public int Block(StatePart part, ReadOnlySpan<byte> block)
    {
        var to = Begin(FrameKind.Block, 1 + block.Length);
        to[FrameReader.MinFrameBytes] = (byte)part;
        block.CopyTo(to[(FrameReader.MinFrameBytes + 1)..]);
        return End(FrameReader.MinFrameBytes + 1 + block.Length);
    }

    /// <summary>The end of a snapshot.</summary>
    public int End()
    {
        Begin(FrameKind.End, 0);
        return End(FrameReader.MinFrameBytes);
    }

    /// <summary>A hole that takes exactly this many bytes, at least <see cref="FrameReader.MinFrameBytes"/>.</summary>
    public int Hole(int bytes)
    {
        var to = Begin(FrameKind.Hole, bytes);
        to[FrameReader.MinFrameBytes..bytes].Clear();
        return End(bytes);
    }

    public int Seal(in SealFrame seal)
    {
        var to = Begin(FrameKind.Seal, SealFrame.BodyBytes);
        seal.Write(to[FrameReader.MinFrameBytes..]);
        return End(FrameReader.MinFrameBytes + SealFrame.BodyBytes);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _count) = ([], 0);
    }

    private Span<byte> Begin(FrameKind kind, int bodyBytes)
    {
        var needed = checked(FrameReader.MinFrameBytes + bodyBytes);
        if (_buffer.Length - _count < needed)
            Replace(checked(_count + needed));
        var to = _buffer.AsSpan(_count);
        to[FrameReader.PrefixBytes] = (byte)kind;
        return to;
    }

    private int End(int frameBytes)
    {
        var frame = _buffer.AsSpan(_count, frameBytes);
        BinaryPrimitives.WriteInt32LittleEndian(frame, frameBytes - FrameReader.PrefixBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[sizeof(uint)..], Crc32C.Of(frame[FrameReader.PrefixBytes..], _salt));
        var start = _count;
        _count += frameBytes;
        return start;
    }

    private void Replace(int needed)
    {
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _count > 0 ? (int)Math.Min(2L * _count, Array.MaxLength) : UsualBytes));
        Written.CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = grown;
    }
}
