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
    private readonly Dictionary<uint, SessionImage> _byNumber = [];
    private readonly Dictionary<string, SessionImage> _byClientId = [];
    private readonly TopicTable _checkedTopics = new(maxBytes: 1 << 16); // what copies are read with to see that they can be
    private SessionImage? _last; // most records are about the session of the one before

    /// <inheritdoc/>
    public StatePart Part => StatePart.Sessions;

    /// <summary>The number for the next session; the one after the greatest is 1.</summary>
    internal uint NextNumber { get; private set; } = 1;

    internal IReadOnlyCollection<SessionImage> Sessions => _byNumber.Values;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<byte> record)
    {
        var reader = new RecordReader(record);
        var kind = (SessionRecordKind)reader.Byte();
        if (kind >= SessionRecordKind.Numbered)
            throw RecordReader.Malformed("its kind belongs into a snapshot");
        Apply(kind, ref reader);
    }

    /// <inheritdoc/>
    public void Received(uint session, ushort packetId) => Find(session)?.Receive(packetId);

    /// <inheritdoc/>
    public void Write(SnapshotBlock write)
    {
        var writer = new SnapshotWriter(write);
        writer.Numbered(NextNumber);
        foreach (var session in _byNumber.Values)
            writer.Session(session);
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
            Apply((SessionRecordKind)record.Byte(), ref record);
        }
    }

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
                ApplyPacketId(ref reader, static (session, packetId) => session.ReleasePublish(packetId));
                break;
            case SessionRecordKind.PublishReceived:
                ApplyPacketId(ref reader, static (session, packetId) => session.Receive(packetId));
                break;
            case SessionRecordKind.Opened:
                ApplyOpened(OpenedRecord.Read(ref reader));
                break;
            case SessionRecordKind.Closed:
                var closed = ClosedRecord.Read(ref reader);
                Find(closed.Number)?.Close(closed);
                break;
            default:
                ApplyRare(kind, ref reader);
                break;
        }
    }

    private void ApplyRare(SessionRecordKind kind, ref RecordReader reader)
    {
        var number = reader.SessionNumber();
        var session = Find(number);
        switch (kind)
        {
            case SessionRecordKind.WillGone:
                reader.End();
                session?.ForgetWill();
                break;
            case SessionRecordKind.Ended:
                reader.End();
                End(session);
                break;
            case SessionRecordKind.Subscribed:
                var subscription = SubscriptionImage.Read(ref reader);
                reader.End();
                session?.Subscribe(subscription);
                break;
            case SessionRecordKind.Unsubscribed:
                if (!TopicFilter.TryParse(reader.Rest(), out var filter))
                    throw RecordReader.Malformed("the filter of a subscription");
                session?.Unsubscribe(filter);
                break;
            case SessionRecordKind.Numbered:
                reader.End();
                NextNumber = number;
                break;
            case SessionRecordKind.Progressed:
                var (next, sent) = (reader.Number(), reader.Number());
                reader.End();
                session?.Progress(next, sent);
                break;
            default:
                throw RecordReader.Malformed($"its kind {(byte)kind} is unknown");
        }
    }

    private void ApplyOpened(OpenedRecord record)
    {
        // Serial numbers: also right when they begin again at 1, and when they come in another order than they were given.
        if (record.IsNew && (int)(record.Number + 1 - NextNumber) > 0)
            NextNumber = record.Number == uint.MaxValue ? 1 : record.Number + 1;
        if (Find(record.Number) is { } session)
        {
            session.Open(record);
            return;
        }
        if (!record.IsNew)
            return;
        if (_byClientId.TryGetValue(record.ClientId, out var older))
            End(older);
        session = new SessionImage(record);
        _byNumber.Add(session.Number, session);
        _byClientId.Add(session.ClientId, session);
    }

    private void ApplyDelivered(in DeliveredRecord record)
    {
        if (record.Copy.Length > 0)
            EventCopy.Read(record.Copy, _checkedTopics);
        Find(record.Number)?.Deliver(record);
    }

    private void ApplyOrdinal(ref RecordReader reader, Action<SessionImage, long> apply)
    {
        var (number, ordinal) = (reader.SessionNumber(), reader.Ordinal());
        reader.End();
        if (Find(number) is { } session)
            apply(session, ordinal);
    }

    private void ApplyPacketId(ref RecordReader reader, Action<SessionImage, ushort> apply)
    {
        var (number, packetId) = (reader.SessionNumber(), reader.SmallNumber());
        reader.End();
        if (packetId is 0 or > ushort.MaxValue)
            throw RecordReader.Malformed("a packet id");
        if (Find(number) is { } session)
            apply(session, (ushort)packetId);
    }

    private void End(SessionImage? session)
    {
        if (session is null)
            return;
        _byNumber.Remove(session.Number);
        _byClientId.Remove(session.ClientId);
        _last = null;
    }

    private SessionImage? Find(uint number)
    {
        if (_last?.Number != number && _byNumber.TryGetValue(number, out var session))
            _last = session;
        return _last?.Number == number ? _last : null;
    }
}
