using TelemetryHub.Broker.Operation;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Connections;

/// <summary>
/// Answers that leave when the log keeps what they are about: those of one kind in the order of the packets that they answer (MQTT 5 §4.6). Empty while
/// the log keeps at once, as it does at level <c>memory</c>. Owned by its connection.
/// </summary>
internal sealed class KeptAnswers(Connection connection, ILog log)
{
    // A client that makes the hub remember more and more while the disk stands still is not read any more beyond this.
    private const int MaxWaiting = 10_000;

    private readonly Queue<Waiting> _waiting = new();
    private readonly int[] _byType = new int[16];
    private volatile bool _isAwaitingLog; // it will call OnKept, on its own thread

    /// <summary>How many of them are PUBACKs; the publishes that wait for a PUBREC the session knows.</summary>
    public int PubAckCount => _byType[(int)PacketType.PubAck];

    public bool AreTooMany => _waiting.Count >= MaxWaiting;

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP, when the ticket is kept.</summary>
    public void Add(long ticket, PacketType type, ushort packetId, ReasonCode reason)
    {
        if (MayLeave(ticket, type))
            connection.Answer(type, packetId, reason);
        else
            Enqueue(new Waiting(ticket, type, packetId, reason, null));
    }

    /// <summary>Any other packet, when the ticket is kept.</summary>
    public void Add(long ticket, PacketType type, ReadOnlySpan<byte> packet)
    {
        if (MayLeave(ticket, type))
            Give(packet);
        else
            Enqueue(new Waiting(ticket, type, 0, ReasonCode.Success, packet.ToArray()));
    }

    /// <summary>Gives those answers to the connection that may leave by now; called before each write.</summary>
    public void Release()
    {
        do
        {
            while (_waiting.TryPeek(out var answer) && log.State(answer.Ticket) is var state && state != KeptState.Pending)
            {
                _waiting.Dequeue();
                _byType[(int)answer.Type]--;
                Give(answer, state);
            }
        }
        while (!_isAwaitingLog && _waiting.TryPeek(out var next) && !IsAwaited(next.Ticket));
    }

    /// <summary>The log called back. Any thread: what may leave by now leaves with the write that this asks for.</summary>
    public void OnKept()
    {
        _isAwaitingLog = false;
        connection.Link.Wake();
    }

    // Set first: the log may call back before it has returned.
    private bool IsAwaited(long ticket)
    {
        _isAwaitingLog = true;
        if (log.WaitUntilKept(ticket, connection))
            return true;
        return _isAwaitingLog = false;
    }

    private bool MayLeave(long ticket, PacketType type) => _byType[(int)type] == 0 && log.State(ticket) == KeptState.Kept;

    private void Enqueue(in Waiting answer)
    {
        _waiting.Enqueue(answer);
        _byType[(int)answer.Type]++;
        Release();
    }

    private void Give(in Waiting answer, KeptState state)
    {
        if (state == KeptState.Refused)
            Refuse(answer);
        else if (answer.Packet is not null)
            Give(answer.Packet);
        else
            connection.Answer(answer.Type, answer.PacketId, answer.Reason);
    }

    // What a session asked for has no way to be refused but this: whoever comes back asks again.
    private void Refuse(in Waiting answer)
    {
        if (answer.Type is PacketType.PubAck or PacketType.PubRec)
            connection.RefusePublish(answer.Type, answer.PacketId);
        else
        {
            // Nothing may follow DISCONNECT.
            _waiting.Clear();
            Array.Clear(_byType);
            connection.Close(DisconnectCause.StateRefused, ReasonCode.QuotaExceeded);
        }
    }

    private void Give(ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(connection.Control.GetSpan(packet.Length));
        connection.Control.Advance(packet.Length);
    }

    private readonly record struct Waiting(long Ticket, PacketType Type, ushort PacketId, ReasonCode Reason, byte[]? Packet);
}
