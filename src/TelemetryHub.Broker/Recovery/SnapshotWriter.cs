using TelemetryHub.Core.Log;

namespace TelemetryHub.Broker.Recovery;

/// <summary>
/// Writes sessions as the records that would make them, many to a block: version u8, then each with its length. Reading a snapshot is applying
/// them.
/// </summary>
internal ref struct SnapshotWriter
{
    public const byte Version = 1;

    private const int BlockBytes = 60 * 1024;

    private readonly SnapshotBlock _write;
    private RecordWriter _block;
    private RecordWriter _record;

    public SnapshotWriter(SnapshotBlock write)
    {
        _write = write;
        _block.Byte(Version);
    }

    public void Numbered(uint next)
    {
        Begin(SessionRecordKind.Numbered, next);
        Add();
    }

    public void Routed(AlreadyRouted routed)
    {
        _record.Byte((byte)SessionRecordKind.Routed);
        _record.Number(routed.UpTo);
        foreach (var group in routed.Groups)
            _record.Block(group.Utf8);
        Add();
    }

    public void Received(uint session, ushort packetId)
    {
        Begin(SessionRecordKind.PublishReceived, session);
        _record.Number(packetId);
        Add();
    }

    public void Session(SessionImage session)
    {
        new OpenedRecord(session.Number, session.ClientId, session.User, session.ExpirySeconds, session.Window, IsNew: true, session.Will).Write(ref _record);
        Add();
        if (session.ClosedAt is { } closedAt)
        {
            new ClosedRecord(session.Number, closedAt, session.ExpirySeconds, KeepsWill: true, SentUpTo: 0).Write(ref _record);
            Add();
        }
        foreach (var subscription in session.Subscriptions)
        {
            Begin(SessionRecordKind.Subscribed, session.Number);
            _record.Number(0); // how far the router was stands elsewhere
            subscription.Write(ref _record);
            Add();
        }
        foreach (var delivery in session.Deliveries)
            Delivery(session, delivery);
        Progress(session);
    }

    /// <summary>Gives the last block.</summary>
    public void Dispose()
    {
        _write(_block.Written);
        _block.Dispose();
        _record.Dispose();
    }

    private void Delivery(SessionImage session, in DeliveryImage delivery)
    {
        Begin(SessionRecordKind.Delivered, session.Number);
        _record.Number(delivery.Ordinal);
        _record.Number(delivery.Sequence);
        _record.Rest(delivery.Route.Encoded);
        _record.Rest(delivery.Copy);
        Add();
        if (!delivery.IsReleased)
            return;
        Begin(SessionRecordKind.Released, session.Number);
        _record.Number(delivery.Ordinal);
        Add();
    }

    // After the deliveries: those below the next ordinal would be taken for repeated.
    private void Progress(SessionImage session)
    {
        Begin(SessionRecordKind.Progressed, session.Number);
        _record.Number(session.NextOrdinal);
        _record.Number(session.RecordedSentUpTo);
        _record.Number(session.LastSequence);
        Add();
        foreach (var packetId in session.Received)
            Received(session.Number, packetId);
    }

    private void Begin(SessionRecordKind kind, uint number)
    {
        _record.Byte((byte)kind);
        _record.Number(number);
    }

    private void Add()
    {
        if (_block.Count + _record.Count > BlockBytes && _block.Count > 1)
        {
            _write(_block.Written);
            _block.Clear();
            _block.Byte(Version);
        }
        _block.Block(_record.Written);
        _record.Clear();
    }
}
