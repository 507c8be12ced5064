using System.Buffers;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Replays;
using TelemetryHub.Core.Feeds.Reports;

namespace TelemetryHub.Core.Feeds;

/// <summary>
/// One reader of a feed: a place in the feed's ring, or in the past. It has no buffer, no timer and no thread of its own; its owner asks it for bytes when the peer can take them.
/// </summary>
public sealed class FeedReader : IDisposable
{
    private readonly FeedTable _table;
    private readonly Feed _feed;
    private readonly IReaderOwner _owner;
    private readonly ReaderOptions _options;
    private readonly DateTimeOffset _since;
    private readonly ReaderTally _tally;
    private ReplayReading? _past; // while it reads that
    private long _index; // in the ring, otherwise
    private long _position;
    private int _closing;
    private volatile bool _isBeatDue;
    private int _isDisposed;

    internal FeedReader(FeedTable table, Feed feed, ReaderOptions options, IReaderOwner owner)
    {
        (_table, _feed, _options, _owner) = (table, feed, options, owner);
        _since = table.Time.GetUtcNow();
        _tally = new ReaderTally(table, options.Overflow);
        Number = table.NextReaderNumber();
    }

    /// <summary>Its number, for who looks.</summary>
    public long Number { get; }

    /// <summary>Why it has ended, once <see cref="Fill"/> has answered <see cref="ReaderFill.End"/>.</summary>
    public ByeReason EndReason { get; private set; }

    /// <summary>Everything up to this sequence has been written to it, or told as missing.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Does it still read what was before it came? Until then an empty fill says nothing about whether there is something.</summary>
    public bool IsCatchingUp => Volatile.Read(ref _past) is not null;

    /// <summary>Its place in the feed's list. Guarded by the feed.</summary>
    internal int PlaceInReaders { get; set; } = -1;

    /// <summary>Its place among those that wait for something to appear in the ring. Guarded by the feed.</summary>
    internal int PlaceInParked { get; set; } = -1;

    /// <summary>It has seen events that its feed has not encoded yet. Guarded by the feed.</summary>
    internal bool IsAhead { get; set; }

    /// <summary>
    /// Writes whole items of what waits, stopping soon after <paramref name="budgetBytes"/>. By the owner, one call at a time, after <see cref="IReaderOwner.Wake"/>, and only
    /// when what was written before has been taken: for a peer that does not read, nothing is called.
    /// </summary>
    public ReaderFill Fill(IBufferWriter<byte> output, int budgetBytes)
    {
        if (EndReason != ByeReason.None)
            return ReaderFill.End;
        for (var left = budgetBytes; left > 0;)
        {
            if ((ByeReason)Volatile.Read(ref _closing) is not ByeReason.None and var reason)
                return EndWith(reason, output);
            if (Volatile.Read(ref _past) is { } past)
            {
                if (past.Page is not { } page)
                    return Rest(output, hasWritten: left < budgetBytes);
                left -= TakeFrom(past, page, output, left);
            }
            else if (!_feed.Ring.TryRead(this, ref _index, ref _position, output, left, out var copied, out var isAtEnd))
            {
                OnLapped(output);
            }
            else
            {
                if (copied > 0)
                    _tally.Written(copied);
                left -= copied;
                if (isAtEnd)
                    return Rest(output, hasWritten: left < budgetBytes);
            }
        }
        return ReaderFill.More;
    }

    /// <summary>Ends it with this reason: the next fill says so. Any thread.</summary>
    public void Close(ByeReason reason)
    {
        if (Interlocked.CompareExchange(ref _closing, (int)reason, (int)ByeReason.None) == (int)ByeReason.None)
            Wake();
    }

    /// <summary>Has the next fill bring it up to now, and write its cursor, when there is nothing else to write. By the owner.</summary>
    public void WantCursor() => _isBeatDue = true;

    /// <summary>It has gone. By the owner, or when it fills no more; nothing is woken from then on.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        LeavePast();
        _feed.Remove(this);
        _table.Leave(_feed);
    }

    internal void Wake()
    {
        if (Volatile.Read(ref _isDisposed) == 0)
            _owner.Wake();
    }

    /// <summary>Finds its place. Once, before anything else.</summary>
    internal void Begin()
    {
        var start = _options.Start;
        if (start.Time is not null || start.IsEarliest)
            ReadPast(new Replay(_feed, _feed.Ring.Covered) { Start = start, WithSnapshot = _options.Snapshot, IsConflated = _feed.IsConflating });
        else if (start.IsUnknown)
            BeginAnew(ResetReason.Unknown);
        else if (start.Cursor is { } cursor)
            BeginBehind(cursor);
        else
            BeginLive();
    }

    /// <summary>Makes the next page of the past. False: the disk cannot be read. On a thread that may block.</summary>
    internal bool TryMakePage()
    {
        if (Volatile.Read(ref _past) is not { } past)
            return true; // it has gone meanwhile
        if (!past.TryMakePage())
            return false;
        Wake();
        return true;
    }

    /// <summary>Has a heartbeat written when nothing else has been for too long.</summary>
    internal void Beat(long tick)
    {
        if (_options.Heartbeat <= TimeSpan.Zero || tick - _tally.WroteAt < (long)(_options.Heartbeat / FeedTable.TickInterval))
            return;
        _isBeatDue = true;
        Wake();
    }

    internal ReaderReport Report()
    {
        var isReplaying = Volatile.Read(ref _past) is not null;
        var behind = isReplaying ? Math.Max(0, _feed.RoutedUpTo - 1 - Position) : _feed.Behind(Volatile.Read(ref _index));
        return new ReaderReport(Number, _options, _since, Position, behind, isReplaying, _tally.WrittenBytes, _tally.Missed);
    }

    private void BeginLive()
    {
        _index = _feed.Ring.JoinAtEnd(out _position);
        if (_options.Snapshot)
            ReadPast(new Replay(_feed, _position) { WithSnapshot = true, IsConflated = _feed.IsConflating });
        else
            _isBeatDue = true; // its first cursor: whoever is cut off before the first event resumes from here
    }

    private void BeginBehind(Cursor cursor)
    {
        if (cursor.Epoch != _table.Epoch)
            BeginAnew(ResetReason.Epoch);
        else if (cursor.Sequence >= _table.Journal.Next)
            BeginAnew(ResetReason.Future);
        else if (!_feed.Ring.TryJoin(this, _position = cursor.Sequence, out _index))
            ReadPast(new Replay(_feed, cursor.Sequence) { IsConflated = _feed.IsConflating }, isPlaced: true);
    }

    private void BeginAnew(ResetReason reason)
    {
        _index = _feed.Ring.JoinAtEnd(out _position);
        ReadPast(new Replay(_feed, _position) { Reset = reason, WithSnapshot = _options.Snapshot, IsConflated = _feed.IsConflating });
    }

    private void ReadPast(Replay replay, bool isPlaced = false)
    {
        _feed.Pages.Enter();
        Volatile.Write(ref _past, new ReplayReading(replay) { IsPlaced = isPlaced });
        _table.Replays.Add(this);
    }

    private void LeavePast()
    {
        if (Interlocked.Exchange(ref _past, null) is not null)
            _feed.Pages.Leave();
    }

    private int TakeFrom(ReplayReading past, ReplayPage page, IBufferWriter<byte> output, int budgetBytes)
    {
        if (past.Place < 0 && page.Items is not null)
            past.Place = page.From < _position ? page.Items.PlaceBehind(_position) : 0; // a shared one may begin before
        if (page.Items is not { } items || past.Place == items.Count)
        {
            Finish(past, page);
            return 0;
        }
        var bytes = items.Slice(past.Place, budgetBytes, out var next);
        output.Write(bytes);
        past.Place = next;
        Volatile.Write(ref _position, items.SequenceAt(next - 1));
        _tally.Written(bytes.Length);
        return bytes.Length;
    }

    private void Finish(ReplayReading past, ReplayPage page)
    {
        if (page.Missed is { } missed)
            _tally.CountMissed(missed.Reason, missed.Count);
        Volatile.Write(ref _position, page.To);
        past.Turn();
        past.IsPlaced |= !page.GoesOn;
        if (!page.GoesOn && _feed.Ring.TryJoin(this, page.To, out _index))
            LeavePast();
        else
            _table.Replays.Add(this);
    }

    private void OnLapped(IBufferWriter<byte> output)
    {
        switch (_options.Overflow)
        {
            case OverflowPolicy.Close:
                Close(ByeReason.Slow);
                break;
            case OverflowPolicy.Gap:
                var gap = _feed.Ring.JumpOn(this, ref _index, ref _position);
                _feed.Encoding.WriteGap(output, gap, _feed.Context);
                _tally.CountMissed(gap.Reason, gap.Missed ?? 0);
                break;
            default:
                ReadPast(new Replay(_feed, _position) { IsConflated = _feed.IsConflating || _options.Overflow == OverflowPolicy.Latest }, isPlaced: true);
                break;
        }
    }

    private ReaderFill Rest(IBufferWriter<byte> output, bool hasWritten)
    {
        if (!_isBeatDue)
            return ReaderFill.Empty;
        _isBeatDue = false;
        var past = Volatile.Read(ref _past);
        if (hasWritten || past is { IsPlaced: false })
            return ReaderFill.Empty;
        if (past is null && _feed.Ring.TryCover(_index, out var covered))
            Volatile.Write(ref _position, Math.Max(_position, covered));
        _feed.Encoding.WriteCursor(output, _position, _feed.Context);
        _tally.WroteCursor();
        return ReaderFill.Empty;
    }

    private ReaderFill EndWith(ByeReason reason, IBufferWriter<byte> output)
    {
        EndReason = reason;
        _feed.Encoding.WriteBye(output, reason, _feed.Context);
        return ReaderFill.End;
    }
}
