using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// The next events of one session's queue, read back from the log on a thread that may wait for the disk. A session has one at a time.
/// </summary>
/// <param name="session">Whose it is.</param>
/// <param name="log">What is read.</param>
/// <param name="isLastTry">What cannot be read now is given up: its answer is that the log has it no more.</param>
internal sealed class Page(Session session, ILog log, bool isLastTry) : IThreadPoolWorkItem
{
    private const int MaxEvents = 256;
    private const long MaxBytes = 1 << 20;
    private const int EventsPerRead = 16; // payloads may be large: after each read it is seen whether that is enough

    private readonly List<long> _ordinals = [];
    private readonly List<long> _sequences = [];
    private readonly Event?[] _events = new Event?[MaxEvents];

    /// <summary>How many it asks for; once it has been read, how many answers there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the disk failed on the way.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The delivery, and its event; null when the log has it no more.</summary>
    public (long Ordinal, Event? Event) this[int index] => (_ordinals[index], _events[index]);

    /// <summary>False when it takes no more.</summary>
    public bool TryAdd(in Queued queued)
    {
        // The log is read forwards; what stands out of order (handed over by a shared subscription) is the next page's.
        if (Count == MaxEvents || (Count > 0 && _sequences[^1] > queued.Sequence))
            return false;
        _ordinals.Add(queued.Ordinal);
        _sequences.Add(queued.Sequence);
        Count++;
        return true;
    }

    public void Execute()
    {
        Count = Read(Count);
        session.OnRead(this);
    }

    private int Read(int wanted)
    {
        var read = 0;
        long bytes = 0;
        var sequences = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_sequences);
        while (read < wanted && bytes < MaxBytes)
        {
            var into = _events.AsSpan(read, Math.Min(EventsPerRead, wanted - read));
            if (!log.TryReadBack(sequences.Slice(read, into.Length), into))
            {
                HasFailed = true;
                if (!isLastTry)
                    break;
                log.ReadBackSingly(sequences.Slice(read, into.Length), into);
            }
            foreach (var @event in into)
                bytes += @event?.SizeBytes ?? 0;
            read += into.Length;
        }
        return read;
    }
}
