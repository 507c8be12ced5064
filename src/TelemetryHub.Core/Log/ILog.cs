using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Log;

/// <summary>
/// The one ordered log of all events. Publishers append and learn from a ticket when the event is kept; readers follow by sequence.
/// No call blocks. In this version the log is its in-memory tail (<see cref="Tail"/>); the journal is another implementation of the
/// same few calls.
/// </summary>
public interface ILog
{
    /// <summary>
    /// Puts <paramref name="event"/> behind everything appended before. Any thread. The <paramref name="ticket"/> says when it is kept;
    /// it is not the sequence (which may be decided later, and elsewhere) but grows in the order of the appends.
    /// </summary>
    AppendResult TryAppend(Event @event, out long ticket);

    /// <summary>Whether the append with this ticket may be acknowledged.</summary>
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
    /// The router's word that it is done with everything below <paramref name="sequence"/>: what makes space in the tail. Until then it
    /// can be read.
    /// </summary>
    void Routed(long sequence);
}
