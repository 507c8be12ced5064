using System.Buffers;
using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Recovery;

/// <summary>
/// Records in the log what becomes of the sessions that outlive their connection, so that a start can make them again. Every method
/// appends one record and returns its ticket; nothing is allocated for those that come with every message. Any thread, but the records of one
/// session in the order of what happened: under its lock.
/// </summary>
internal sealed class SessionJournal(ILog log)
{
    // Kind, session, ordinal, sequence, flags: the longest record without a filter, identifiers or a copy.
    private const int ShortRecordBytes = 64;
    private const int LongRecordBytes = 512;

    /// <summary>A connection holds the session now.</summary>
    /// <param name="session">The session's number: not 0, never used for another.</param>
    /// <param name="holder">Who connected.</param>
    /// <param name="expirySeconds">How long the session outlives the connection.</param>
    /// <param name="window">How many deliveries may be unacknowledged.</param>
    /// <param name="isNew">The session was not there before; an older one of the client id is over.</param>
    /// <param name="will">The will of this connection.</param>
    public long Opened(uint session, Principal holder, uint expirySeconds, int window, bool isNew, Will? will)
    {
        var writer = new RecordWriter(stackalloc byte[LongRecordBytes]);
        var image = will is null ? null : WillImage.Of(will);
        new OpenedRecord(session, holder.ClientId, holder.User, expirySeconds, window, isNew, image).Write(ref writer);
        return Append(ref writer);
    }

    /// <inheritdoc cref="ClosedRecord"/>
    public long Closed(in ClosedRecord record)
    {
        var writer = new RecordWriter(stackalloc byte[ShortRecordBytes]);
        record.Write(ref writer);
        return Append(ref writer);
    }

    /// <summary>The will was published, or will not be.</summary>
    public long WillGone(uint session)
    {
        var writer = Begin(SessionRecordKind.WillGone, session, stackalloc byte[ShortRecordBytes]);
        return Append(ref writer);
    }

    /// <summary>The session is over.</summary>
    public long Ended(uint session)
    {
        var writer = Begin(SessionRecordKind.Ended, session, stackalloc byte[ShortRecordBytes]);
        return Append(ref writer);
    }

    /// <summary>
    /// A subscription was added, or replaced one with the same filter. Within the router's gate: the record says which events came before, so that
    /// none of them is routed to it after a restart.
    /// </summary>
    public long Subscribed(uint session, Subscription subscription)
    {
        var writer = Begin(SessionRecordKind.Subscribed, session, stackalloc byte[LongRecordBytes]);
        writer.Number(log.RoutedUpTo);
        SubscriptionImage.Of(subscription).Write(ref writer);
        return Append(ref writer);
    }

    /// <summary>A subscription was removed.</summary>
    public long Unsubscribed(uint session, TopicFilter filter)
    {
        var writer = Begin(SessionRecordKind.Unsubscribed, session, stackalloc byte[LongRecordBytes]);
        writer.Rest(filter.Utf8);
        return Append(ref writer);
    }

    /// <summary>A QoS 1 or 2 delivery of an event of the log was queued. Ordinals count up by one.</summary>
    public long Delivered(uint session, long ordinal, long sequence, Route route)
    {
        var writer = Begin(SessionRecordKind.Delivered, session, stackalloc byte[ShortRecordBytes]);
        writer.Number(ordinal);
        writer.Number(sequence);
        RouteImage.Write(route, isReplay: false, ref writer);
        return Append(ref writer);
    }

    /// <summary>A QoS 1 or 2 delivery of a retained message was queued, because of a new subscription. Its ordinal is one like any other.</summary>
    public long Replayed(uint session, long ordinal, Event @event, Route route)
    {
        var writer = Begin(SessionRecordKind.Delivered, session, stackalloc byte[LongRecordBytes]);
        writer.Number(ordinal);
        writer.Number(@event.Sequence);
        RouteImage.Write(route, isReplay: true, ref writer);
        var copy = new ArrayBufferWriter<byte>(@event.SizeBytes);
        EventCopy.Write(@event, copy);
        writer.Rest(copy.WrittenSpan);
        return Append(ref writer);
    }

    /// <summary>A delivery is over: acknowledged, completed, dropped, expired or handed to somebody else.</summary>
    public long Settled(uint session, long ordinal)
    {
        var writer = Begin(SessionRecordKind.Settled, session, stackalloc byte[ShortRecordBytes]);
        writer.Number(ordinal);
        return Append(ref writer);
    }

    /// <summary>PUBREC came for a delivery: from now on PUBREL is due, the message itself never again.</summary>
    public long Released(uint session, long ordinal)
    {
        var writer = Begin(SessionRecordKind.Released, session, stackalloc byte[ShortRecordBytes]);
        writer.Number(ordinal);
        return Append(ref writer);
    }

    /// <summary>PUBREL came for a publish of the client, or the publish was refused: the packet id is free.</summary>
    public long PublishReleased(uint session, ushort packetId)
    {
        var writer = Begin(SessionRecordKind.PublishReleased, session, stackalloc byte[ShortRecordBytes]);
        writer.Number(packetId);
        return Append(ref writer);
    }

    private static RecordWriter Begin(SessionRecordKind kind, uint session, Span<byte> memory)
    {
        var writer = new RecordWriter(memory);
        writer.Byte((byte)kind);
        writer.Number(session);
        return writer;
    }

    private long Append(ref RecordWriter writer)
    {
        var ticket = log.AppendState(StatePart.Sessions, writer.Written);
        writer.Dispose();
        return ticket;
    }
}
