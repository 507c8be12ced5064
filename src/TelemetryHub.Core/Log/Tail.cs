using System.Numerics;
using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Log;

/// <summary>
/// The newest events in a ring, bounded in count and bytes: the log of a hub that acknowledges at level <c>memory</c>.
/// What the router has not seen yet is never overwritten; when it fills the ring, appends answer <see cref="AppendResult.Full"/>
/// and the publishers' sockets are not read until the router has caught up.
/// </summary>
public sealed class Tail : ILog
{
    private readonly Event?[] _ring;
    private readonly int _mask;
    private readonly long _maxBytes;

    private readonly Lock _gate = new(); // guards the ring and every field below
    private List<ILogWaiter> _waitingForSpace = [];
    private long _next;
    private long _oldest;
    private long _routed;
    private long _bytes;
    private long _unroutedBytes;

    /// <summary>Makes an empty tail whose first event gets the sequence <paramref name="first"/>.</summary>
    public Tail(TailOptions options, long first = 1)
    {
        if (!BitOperations.IsPow2(options.MaxEvents))
            throw new ArgumentException($"{nameof(options.MaxEvents)} must be a power of two.", nameof(options));
        _ring = new Event?[options.MaxEvents];
        _mask = options.MaxEvents - 1;
        _maxBytes = options.MaxBytes;
        _next = _oldest = _routed = first;
    }

    /// <inheritdoc/>
    public long Next => Volatile.Read(ref _next);

    /// <inheritdoc/>
    public long Oldest => Volatile.Read(ref _oldest);

    /// <inheritdoc/>
    public AppendResult TryAppend(Event @event, out long ticket)
    {
        lock (_gate)
        {
            if (IsFull)
            {
                ticket = 0;
                return AppendResult.Full;
            }
            ticket = _next;
            @event.Sequence = _next;
            if (_next - _oldest > _mask)
                DropOldest();
            _ring[_next & _mask] = @event;
            Volatile.Write(ref _next, _next + 1);
            var size = @event.SizeBytes;
            _bytes += size;
            _unroutedBytes += size;
            while (_bytes > _maxBytes && _oldest < _routed)
                DropOldest();
            return AppendResult.Appended;
        }
    }

    /// <inheritdoc/>
    public bool KeepsEvents => false;

    /// <inheritdoc/>
    public long OldestKept => Oldest;

    /// <inheritdoc/>
    public long RoutedUpTo => Volatile.Read(ref _routed);

    /// <inheritdoc/>
    /// <remarks>What is only in memory has no use for records: after a restart there is no state.</remarks>
    public long AppendState(StatePart part, ReadOnlySpan<byte> record) => 0;

    /// <inheritdoc/>
    public void ReadBack(ReadOnlySpan<long> sequences, Span<Event?> into)
    {
        lock (_gate)
        {
            for (var i = 0; i < sequences.Length; i++)
                into[i] = sequences[i] >= _oldest && sequences[i] < _next ? _ring[sequences[i] & _mask] : null;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Level <c>memory</c>: what is in the ring is kept.</remarks>
    public KeptState State(long ticket) => KeptState.Kept;

    /// <inheritdoc/>
    public bool WaitUntilKept(long ticket, ILogWaiter waiter) => false;

    /// <inheritdoc/>
    public bool WaitForSpace(ILogWaiter waiter)
    {
        lock (_gate)
        {
            if (!IsFull)
                return false;
            _waitingForSpace.Add(waiter);
            return true;
        }
    }

    /// <inheritdoc/>
    public int Read(long sequence, Span<Event> into)
    {
        lock (_gate)
        {
            if (sequence < _oldest || sequence >= _next)
                return 0;
            var count = (int)Math.Min(into.Length, _next - sequence);
            for (var i = 0; i < count; i++)
                into[i] = _ring[(sequence + i) & _mask]!;
            return count;
        }
    }

    /// <inheritdoc/>
    public void Routed(long sequence)
    {
        List<ILogWaiter>? ready = null;
        lock (_gate)
        {
            for (; _routed < sequence; _routed++)
                _unroutedBytes -= _ring[_routed & _mask]!.SizeBytes;
            if (_waitingForSpace.Count > 0 && !IsFull)
                (ready, _waitingForSpace) = (_waitingForSpace, []);
        }
        if (ready is null)
            return;
        foreach (var waiter in ready)
            waiter.OnSpace();
    }

    // One event is always let in, however large, when nothing waits before it.
    private bool IsFull => _next - _routed > _mask || _unroutedBytes >= _maxBytes;

    private void DropOldest()
    {
        ref var slot = ref _ring[_oldest & _mask];
        _bytes -= slot!.SizeBytes;
        slot = null;
        Volatile.Write(ref _oldest, _oldest + 1);
    }
}
