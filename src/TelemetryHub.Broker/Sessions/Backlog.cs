using TelemetryHub.Core.Events;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// What waits behind the front of a session's queue, without the events: 24 bytes each, in chunks that are never copied. The session's lock guards it.
/// </summary>
internal sealed class Backlog
{
    private const int ChunkEntries = 1024; // 24 KiB: below the large object heap

    private readonly Queue<Entry[]> _chunks = new();
    private Entry[] _last = [];
    private int _head;
    private int _tail = ChunkEntries;

    public int Count { get; private set; }

    /// <summary>The bytes of the retained messages among them: those are held.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>The first one's event is only in the log, and below this sequence.</summary>
    public bool BeginsBelow(long sequence) => Count > 0 && _chunks.Peek()[_head] is { How: Route, Sequence: var first } && first < sequence;

    /// <summary>Leaves the event to the log, unless it is a retained message.</summary>
    public void Enqueue(in Queued queued)
    {
        if (_tail == ChunkEntries)
        {
            _chunks.Enqueue(_last = new Entry[ChunkEntries]);
            _tail = 0;
        }
        _last[_tail++] = new Entry(queued.IsReplay ? new Copy(queued.Event!, queued.Route) : queued.Route, queued.Sequence, queued.Ordinal);
        Count++;
        HeldBytes += queued.IsReplay ? queued.HeldBytes : 0;
    }

    public Queued Dequeue()
    {
        ref var first = ref _chunks.Peek()[_head];
        var copy = first.How as Copy;
        var queued = new Queued(copy?.Event, copy?.Route ?? (Route)first.How, first.Sequence, first.Ordinal, isReplay: copy is not null);
        first = default;
        Count--;
        HeldBytes -= queued.HeldBytes;
        if (++_head == ChunkEntries)
        {
            _chunks.Dequeue();
            _head = 0;
        }
        if (Count == 0)
            LetGo();
        return queued;
    }

    private void LetGo()
    {
        _chunks.Clear();
        (_head, _tail, _last) = (0, ChunkEntries, []);
    }

    /// <param name="How">The route, or a <see cref="Copy"/>.</param>
    /// <param name="Sequence">The event's place in the log.</param>
    /// <param name="Ordinal">The delivery's place in the session.</param>
    private readonly record struct Entry(object How, long Sequence, long Ordinal);

    private sealed record Copy(Event Event, Route Route);
}
