using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Feeds;
using static TelemetryHub.Broker.Reactors.Libc;

namespace TelemetryHub.Broker.Reactors;

/// <summary>
/// One thread that owns many connections: waits for whatever is readable, lets each connection take its packets, routes everything
/// that this produced in one go, then writes to everyone who has something waiting, one send each. Batches form by themselves:
/// the busier the hub, the more every system call carries. A connection at rest costs no buffer.
/// See docs/decisions/0001-epoll-reactor.md.
/// </summary>
public sealed unsafe partial class Reactor : IFeedLoop, IDisposable
{
    private const int MaxEvents = 512;
    private const int ReadBytes = 64 * 1024;
    // Route and write at least this often while reading, so that nobody waits for 512 full sockets.
    private const int BatchBytes = 512 * 1024;
    private const int OutputBytes = 256 * 1024;
    private const int LingerMilliseconds = 2000;
    // While more keeps arriving, answers and deliveries wait this long for company: a send costs 5 µs whatever it carries.
    // Nothing waits when nothing arrives: the poll in between costs a microsecond.
    private static readonly long LongestDelay = Stopwatch.Frequency / 10_000;
    // An event's key is its source's slot and, above it, a number that is never used again: an event that was fetched
    // for a source that has gone meanwhile must not reach the next one in the slot.
    private const int SlotBits = 24;
    private const ulong SlotMask = (1 << SlotBits) - 1;
    private const ulong WakeUp = ulong.MaxValue;

    private readonly int _epoll = CreateEpoll();
    private readonly int _event = CreateEvent();
    private readonly IReactorWork _work;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly byte* _events = (byte*)NativeMemory.Alloc(MaxEvents * 16);
    private readonly List<IReactorSource?> _sources = [];
    private readonly Stack<int> _freeSlots = [];
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly ConcurrentQueue<TcpLink> _wokenElsewhere = new();
    private readonly Queue<(TcpLink Link, long Until)> _lingering = new();
    private List<TcpLink> _toWrite = [];
    private List<TcpLink> _writing = [];
    private readonly Lock _signalling = new(); // guards _isGone: the event descriptor is closed
    private bool _isGone;
    private bool _signalled; // the event descriptor is set: no second write is needed. Interlocked.
    private long _writeBy;
    private ulong _generation;
    private volatile bool _stopping;

    /// <summary>Starts the thread.</summary>
    public Reactor(string name, IReactorWork work, ILogger logger)
    {
        (_work, _logger) = (work, logger);
        Control(_epoll, EPOLL_CTL_ADD, _event, EPOLLIN, WakeUp);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Where every connection receives; a packet that is not whole is kept by its connection.</summary>
    internal byte* Input { get; } = (byte*)NativeMemory.AlignedAlloc(ReadBytes, 64);

    internal static int InputBytes => ReadBytes;

    internal OutputBuffer Output { get; } = new(OutputBytes);

    /// <summary>Milliseconds, read once per turn.</summary>
    internal long Now { get; private set; } = Environment.TickCount64;

    internal bool IsCurrentThread => Thread.CurrentThread == _thread;

    /// <summary>Runs on the reactor's thread, soon. Any thread.</summary>
    public void Post(Action work)
    {
        _posted.Enqueue(work);
        Interrupt();
    }

    /// <summary>Ends the loop and waits for the thread. Connections that are still open are cut.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        Interrupt();
        _thread.Join();
        lock (_signalling)
        {
            _isGone = true;
            Close(_event);
        }
        Close(_epoll);
        NativeMemory.Free(_events);
        NativeMemory.AlignedFree(Input);
    }

    internal void Add(IReactorSource source, int descriptor, uint events)
    {
        var isReused = _freeSlots.TryPeek(out var slot);
        if (!isReused)
            slot = _sources.Count;
        source.Key = (++_generation << SlotBits) | (uint)slot;
        Control(_epoll, EPOLL_CTL_ADD, descriptor, events, source.Key); // first: when there is no room in the kernel (ENOSPC), nothing has changed
        if (isReused)
            _sources[_freeSlots.Pop()] = source;
        else
            _sources.Add(source);
    }

    internal void Change(IReactorSource source, int descriptor, uint events) => Control(_epoll, EPOLL_CTL_MOD, descriptor, events, source.Key);

    internal void Remove(IReactorSource source, int descriptor)
    {
        Control(_epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
        var slot = (int)(source.Key & SlotMask);
        _sources[slot] = null;
        _freeSlots.Push(slot);
    }

    /// <summary>Gives the peer of a link that has said its last word some time to close. On the reactor's thread.</summary>
    internal void Linger(TcpLink link) => _lingering.Enqueue((link, Now + LingerMilliseconds));

    /// <summary>The link has something to write. Any thread; the link sees to it that it is listed once.</summary>
    internal void AddToWrite(TcpLink link)
    {
        if (IsCurrentThread)
        {
            _toWrite.Add(link);
            return;
        }
        _wokenElsewhere.Enqueue(link);
        Interrupt();
    }

    private void Interrupt()
    {
        if (Interlocked.Exchange(ref _signalled, true))
            return;
        // Whoever comes when it was disposed of must not write to a descriptor that is somebody else's by then.
        lock (_signalling)
        {
            if (!_isGone)
                Signal(_event);
        }
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
                Turn();
        }
        catch (Exception fault) // a bug: say so before the process goes down with it
        {
            Log.Died(_logger, fault);
            throw;
        }
        finally
        {
            foreach (var source in _sources.ToArray())
                source?.OnStopping();
        }
    }

    private void Turn()
    {
        var count = Wait(_epoll, _events, MaxEvents, _toWrite.Count > 0 ? 0 : _lingering.Count > 0 ? LingerMilliseconds : -1);
        Now = Environment.TickCount64;
        while (_lingering.TryPeek(out var oldest) && oldest.Until <= Now)
            _lingering.Dequeue().Link.EndLingering();
        if (_toWrite.Count == 0)
            _writeBy = Stopwatch.GetTimestamp() + LongestDelay;
        var read = 0;
        for (var i = 0; i < count; i++)
        {
            var (events, data) = EpollEvents.Read(_events, i);
            if (data == WakeUp)
            {
                Drain(_event);
                // A full fence: what is enqueued before somebody sees the old value must be seen by the reads of the queues below.
                Interlocked.Exchange(ref _signalled, false);
                continue;
            }
            read += Guarded(_sources[(int)(data & SlotMask)], data, events);
            if (read < BatchBytes)
                continue;
            _work.OnBatchRead();
            TakeWokenElsewhere();
            WriteAll();
            read = 0;
        }
        RunPosted();
        _work.OnBatchRead();
        TakeWokenElsewhere();
        if (count <= 0 || Stopwatch.GetTimestamp() >= _writeBy)
            WriteAll();
    }

    // What a client sends must never end the loop: a fault in its handling is a bug, costs that connection, and is reported.
    private int Guarded(IReactorSource? source, ulong key, uint events)
    {
        if (source is null || source.Key != key)
            return 0;
        try
        {
            return source.OnReady(events);
        }
        catch (Exception fault)
        {
            Log.ConnectionFault(_logger, fault);
            source.OnStopping();
            return 0;
        }
    }

    // As many as there are now: what they post in turn is for the next turn.
    private void RunPosted()
    {
        for (var left = _posted.Count; left > 0 && _posted.TryDequeue(out var action); left--)
        {
            try
            {
                action();
            }
            catch (Exception fault)
            {
                Log.PostedFault(_logger, fault);
            }
        }
        if (!_posted.IsEmpty)
            Interrupt();
    }

    private void TakeWokenElsewhere()
    {
        while (_wokenElsewhere.TryDequeue(out var link))
            _toWrite.Add(link);
    }

    private void WriteAll()
    {
        (_writing, _toWrite) = (_toWrite, _writing); // links that have more to write list themselves for the next turn
        foreach (var link in _writing)
        {
            try
            {
                link.WriteWaiting();
            }
            catch (Exception fault)
            {
                Log.ConnectionFault(_logger, fault);
                link.Stop();
            }
        }
        _writing.Clear();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "A reactor thread died")]
        public static partial void Died(ILogger logger, Exception fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "Something that was asked of a reactor failed unexpectedly")]
        public static partial void PostedFault(ILogger logger, Exception fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "A connection was cut because of an unexpected fault in its handling")]
        public static partial void ConnectionFault(ILogger logger, Exception fault);
    }
}
