using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Recovery;

/// <summary>
/// The broker's sessions as the records in the log make them: what a start restores, and what a snapshot holds. One thread at a time.
/// </summary>
/// <remarks>
/// A record about a session that is not there says nothing: it ended later in a stretch that comes a second time, or its beginning is damaged, and
/// then the client is better told that it has no session than given one without its subscriptions.
/// </remarks>
public sealed class SessionsImage : IStateImage
{
    private readonly SessionTable _sessions = new();
    private readonly TopicTable _checkedTopics = new(maxBytes: 1 << 16); // what copies are read with to see that they can be

    /// <inheritdoc/>
    public StatePart Part => StatePart.Sessions;

    /// <summary>The number for the next session; the one after the greatest is 1.</summary>
    internal uint NextNumber => _sessions.NextNumber;

    internal IReadOnlyCollection<SessionImage> Sessions => _sessions.All;

    /// <summary>Which events need not be routed again.</summary>
    internal AlreadyRouted Routed { get; } = new();

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<byte> record)
    {
        var reader = new RecordReader(record);
        var kind = (SessionRecordKind)reader.Byte();
        Apply(kind, ref reader);
    }

    /// <inheritdoc/>
    public void Received(uint session, ushort packetId) => _sessions.Receive(session, packetId);

    /// <inheritdoc/>
    public void Write(SnapshotBlock write)
    {
        var writer = new SnapshotWriter(write);
        writer.Numbered(_sessions.NextOpened);
        writer.Routed(Routed);
        foreach (var session in _sessions.All)
            writer.Session(session);
        foreach (var (session, packetId) in _sessions.Early)
            writer.Received(session, packetId);
        writer.Dispose();
    }

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<byte> block)
    {
        var reader = new RecordReader(block);
        if (reader.Byte() != SnapshotWriter.Version)
            throw RecordReader.Malformed("a snapshot of another version");
        while (!reader.IsAtEnd)
        {
            var record = new RecordReader(reader.Block());
            var kind = (SessionRecordKind)record.Byte();
            if (kind < SessionRecordKind.Numbered)
                Apply(kind, ref record);
            else
                ApplyOfSnapshot(kind, ref record);
        }
    }

    private static InvalidDataException Unknown(SessionRecordKind kind) => RecordReader.Malformed($"its kind {(byte)kind} is unknown");

    private void Apply(SessionRecordKind kind, ref RecordReader reader)
    {
        switch (kind)
        {
            case SessionRecordKind.Delivered:
                ApplyDelivered(DeliveredRecord.Read(ref reader));
                break;
            case SessionRecordKind.Settled:
                ApplyOrdinal(ref reader, static (session, ordinal) => session.Settle(ordinal));
                break;
            case SessionRecordKind.Released:
                ApplyOrdinal(ref reader, static (session, ordinal) => session.Release(ordinal));
                break;
            case SessionRecordKind.PublishReleased:
                var released = ReadPacketId(ref reader, out var publisher);
                _sessions.Find(publisher)?.ReleasePublish(released);
                break;
            case SessionRecordKind.Opened:
                _sessions.Open(OpenedRecord.Read(ref reader));
                break;
            case SessionRecordKind.Closed:
                var closed = ClosedRecord.Read(ref reader);
                _sessions.Find(closed.Number)?.Close(closed);
                break;
            default:
                ApplyRare(kind, ref reader);
                break;
        }
    }

    private void ApplyRare(SessionRecordKind kind, ref RecordReader reader)
    {
        var number = reader.SessionNumber();
        var session = _sessions.Find(number);
        switch (kind)
        {
            case SessionRecordKind.WillGone:
                reader.End();
                session?.ForgetWill();
                break;
            case SessionRecordKind.Ended:
                reader.End();
                if (session is not null)
                    _sessions.End(session);
                break;
            case SessionRecordKind.Subscribed:
                var before = reader.Number();
                var subscription = SubscriptionImage.Read(ref reader);
                reader.End();
                Routed.Advance(before);
                session?.Subscribe(subscription);
                break;
            case SessionRecordKind.Unsubscribed:
                if (!TopicFilter.TryParse(reader.Rest(), out var filter))
                    throw RecordReader.Malformed("the filter of a subscription");
                session?.Unsubscribe(filter);
                break;
            default:
                throw Unknown(kind);
        }
    }

    private void ApplyOfSnapshot(SessionRecordKind kind, ref RecordReader reader)
    {
        switch (kind)
        {
            case SessionRecordKind.Numbered:
                var number = reader.SessionNumber();
                reader.End();
                _sessions.Number(number);
                break;
            case SessionRecordKind.Progressed:
                var session = _sessions.Find(reader.SessionNumber());
                var (next, sent, last) = (reader.Number(), reader.Number(), reader.Number());
                reader.End();
                session?.Progress(next, sent);
                session?.PassSequence(last);
                break;
            case SessionRecordKind.PublishReceived:
                var packetId = ReadPacketId(ref reader, out var publisher);
                _sessions.Receive(publisher, packetId);
                break;
            case SessionRecordKind.Routed:
                ApplyRouted(ref reader);
                break;
            default:
                throw Unknown(kind);
        }
    }

    private void ApplyDelivered(in DeliveredRecord record)
    {
        if (record.IsReplay)
            EventCopy.Read(record.Copy, _checkedTopics);
        var session = _sessions.Find(record.Number);
        var route = session?.Deliver(record) ?? RouteImage.Read(record.Route);
        if (record.IsReplay)
            return;
        Routed.Advance(record.Sequence);
        if (route.SharedFilter.IsEmpty)
            session?.PassSequence(record.Sequence);
        else
            Routed.AddGroup(record.Sequence, route.SharedFilter);
    }

    private void ApplyRouted(ref RecordReader reader)
    {
        var upTo = reader.Number();
        Routed.Advance(upTo);
        while (!reader.IsAtEnd)
            Routed.AddGroup(upTo, TopicFilter.TryParse(reader.Block(), out var filter) ? filter : throw RecordReader.Malformed("a shared filter"));
    }

    private void ApplyOrdinal(ref RecordReader reader, Action<SessionImage, long> apply)
    {
        var (number, ordinal) = (reader.SessionNumber(), reader.Ordinal());
        reader.End();
        if (_sessions.Find(number) is { } session)
            apply(session, ordinal);
    }

    private static ushort ReadPacketId(ref RecordReader reader, out uint session)
    {
        session = reader.SessionNumber();
        var packetId = reader.SmallNumber();
        reader.End();
        return packetId is > 0 and <= ushort.MaxValue ? (ushort)packetId : throw RecordReader.Malformed("a packet id");
    }
}
