using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Log;

/// <summary>
/// The one ordered log of all events. Publishers append and learn from a ticket when the event is kept; readers follow by sequence.
/// No call blocks but <see cref="ReadBack"/>. Either the in-memory <see cref="Tail"/> alone, or the journal, which keeps on disk what it is given.
/// </summary>
public interface ILog
{
    /// <summary>
    /// Puts <paramref name="event"/> behind everything appended before. Any thread. The <paramref name="ticket"/> says when it is kept;
    /// it is not the sequence (which may be decided later, and elsewhere) but grows in the order of the appends.
    /// </summary>
    AppendResult TryAppend(Event @event, out long ticket);

    /// <summary>
    /// Puts a record of the state of a part of the hub behind everything appended before, events included. Any thread. While the disk fails it
    /// waits; only what waits must have room. The ticket is of the same kind as an event's; who answers because of the record waits until it is kept.
    /// </summary>
    long AppendState(StatePart part, ReadOnlySpan<byte> record);

    /// <summary>Whether the append with this ticket may be acknowledged. 0 is a ticket that has always been kept.</summary>
    KeptState State(long ticket);

    /// <summary>
    /// Calls <see cref="ILogWaiter.OnKept"/> once when <see cref="State"/> leaves Pending; false when it has already, and then nothing
    /// is called.
    /// </summary>
    bool WaitUntilKept(long ticket, ILogWaiter waiter);

    /// <summary>
    /// Calls <see cref="ILogWaiter.OnSpace"/> once when an append can succeed again; false when it can already, and then nothing is called.
    /// </summary>
    bool WaitForSpace(ILogWaiter waiter);

    /// <summary>The sequence that the next event to appear will have; what is below it can be read.</summary>
    long Next { get; }

    /// <summary>The oldest sequence that can still be read.</summary>
    long Oldest { get; }

    /// <summary>
    /// Copies events from <paramref name="sequence"/> on and returns how many. Sequences below <see cref="Oldest"/> or from
    /// <see cref="Next"/> on read nothing.
    /// </summary>
    int Read(long sequence, Span<Event> into);

    /// <summary>
    /// Whether an event can be read back by its sequence after it has left the tail, so that nobody need hold it. False for a log in memory.
    /// </summary>
    bool KeepsEvents { get; }

    /// <summary>The oldest sequence that <see cref="ReadBack"/> may still find: what is below has been dropped by age or size.</summary>
    long OldestKept { get; }

    /// <summary>
    /// Reads single events, by ascending sequences, from memory or from disk; null for one that is not kept any more. Blocks on the disk:
    /// not for threads that serve others.
    /// </summary>
    void ReadBack(ReadOnlySpan<long> sequences, Span<Event?> into);

    /// <summary>Where a router goes on: everything below has been routed, now or before the last stop.</summary>
    long RoutedUpTo { get; }

    /// <summary>
    /// The router's word that it is done with everything below <paramref name="sequence"/>: what makes space in the tail. Until then it
    /// can be read.
    /// </summary>
    void Routed(long sequence);
}
