using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Broker.Tests.Recovery;

/// <summary>
/// A journal without a disk: it remembers every event and record in their order, so that a test can begin again with what a crash leaves of them.
/// </summary>
internal sealed class RememberingLog : ILog
{
    private readonly Tail _tail = new(new TailOptions { MaxEvents = 1 << 16 });
    private readonly Lock _gate = new(); // guards everything below
    private readonly List<object> _entries = []; // an event, or the bytes of a record
    private readonly List<ILogWaiter> _waiting = [];
    private long _kept = long.MaxValue;

    /// <summary>How many events and records there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    public long Next => _tail.Next;

    public long Oldest => _tail.Oldest;

    public bool KeepsEvents => true;

    /// <summary>What is below has been dropped by retention.</summary>
    public long OldestKept { get; set; } = 1;

    public long RoutedUpTo => _tail.RoutedUpTo;

    /// <summary>
    /// What a crash leaves: the first <paramref name="count"/> events and records, read anew, as if the router had been done with those below
    /// <paramref name="routed"/>.
    /// </summary>
    public RememberingLog After(int count = int.MaxValue, long routed = long.MaxValue)
    {
        var left = new RememberingLog { OldestKept = OldestKept };
        var topics = new TopicTable(16 << 20);
        lock (_gate)
        {
            foreach (var entry in _entries.Take(count))
            {
                if (entry is Event @event)
                    left.TryAppend(Copy(@event, topics), out _);
                else
                    left._entries.Add(entry);
            }
        }
        left.Routed(Math.Min(routed, Math.Min(RoutedUpTo, left.Next)));
        return left;
    }

    /// <summary>The records and events from one place to another, taken into account by an image.</summary>
    public void Replay(IStateImage image, int from = 0, int to = int.MaxValue)
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Take(to).Skip(from))
            {
                if (entry is byte[] record)
                    image.Apply(record);
                else if (entry is Event { Session: not 0 } received)
                    image.Received(received.Session, received.PacketId);
            }
        }
    }

    /// <summary>The records, without the events.</summary>
    public byte[][] Records()
    {
        lock (_gate)
            return [.. _entries.OfType<byte[]>()];
    }

    /// <summary>From now on nothing is kept until the test says so.</summary>
    public void Hold()
    {
        lock (_gate)
            _kept = _entries.Count;
    }

    /// <summary>Everything is kept by now.</summary>
    public void Keep()
    {
        ILogWaiter[] due;
        lock (_gate)
        {
            _kept = long.MaxValue;
            due = [.. _waiting];
            _waiting.Clear();
        }
        foreach (var waiter in due)
            waiter.OnKept();
    }

    public AppendResult TryAppend(Event @event, out long ticket)
    {
        lock (_gate)
        {
            var result = _tail.TryAppend(@event, out _);
            if (result == AppendResult.Appended)
                _entries.Add(@event);
            ticket = _entries.Count;
            return result;
        }
    }

    public long AppendState(StatePart part, ReadOnlySpan<byte> record)
    {
        part.ShouldBe(StatePart.Sessions);
        lock (_gate)
        {
            _entries.Add(record.ToArray());
            return _entries.Count;
        }
    }

    public KeptState State(long ticket)
    {
        lock (_gate)
            return ticket <= _kept ? KeptState.Kept : KeptState.Pending;
    }

    public bool WaitUntilKept(long ticket, ILogWaiter waiter)
    {
        lock (_gate)
        {
            if (ticket <= _kept)
                return false;
            _waiting.Add(waiter);
            return true;
        }
    }

    public bool WaitForSpace(ILogWaiter waiter) => _tail.WaitForSpace(waiter);

    public int Read(long sequence, Span<Event> into) => _tail.Read(sequence, into);

    public void ReadBack(ReadOnlySpan<long> sequences, Span<Event?> into)
    {
        lock (_gate)
        {
            var events = _entries.OfType<Event>().ToArray();
            for (var i = 0; i < sequences.Length; i++)
                into[i] = sequences[i] >= OldestKept && sequences[i] <= events.Length ? events[sequences[i] - 1] : null;
        }
    }

    public void Routed(long sequence) => _tail.Routed(sequence);

    // As it is read from a disk: with topics that no router has seen.
    private static Event Copy(Event @event, TopicTable topics) => new()
    {
        Topic = topics.Get(@event.Topic.Name),
        Payload = @event.Payload,
        Properties = @event.Properties,
        Publisher = @event.Publisher,
        Time = @event.Time,
        ExpiresAt = @event.ExpiresAt,
        QoS = @event.QoS,
        Retain = @event.Retain,
        Session = @event.Session,
        PacketId = @event.PacketId,
    };
}
