using System.Diagnostics.CodeAnalysis;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Replays;

namespace TelemetryHub.Core.Feeds.Rings;

/// <summary>Encodes what the router has handed to a feed and puts it into the ring, piece by piece, in the feed's loop. Thread-safe.</summary>
internal sealed class FeedEncoder : IDisposable
{
    // What is encoded in one go before the readers are woken; the loop has others to serve as well.
    private const int MaxPieceBytes = 256 << 10;
    private const int MaxPieceBatches = 8;

    private readonly Feed _feed;
    private readonly FeedTable _table;
    private readonly Action _work;
    private readonly Inbox _inbox;
    private readonly Conflation? _conflation;
    private readonly Lock _working = new(); // one thread encodes at a time: keeps the order. Guards all below, and the conflation
    private long _lastTaken; // out of the inbox

    public FeedEncoder(Feed feed, FeedTable table)
    {
        (_feed, _table, _work, _inbox) = (feed, table, Work, new Inbox(table));
        if (feed.Definition.Every > TimeSpan.Zero)
            _conflation = new Conflation(feed.Definition.Every, table, Post);
    }

    /// <summary>Everything that it was handed is in the ring, or was not for the feed.</summary>
    public bool IsQuiet => _inbox.IsQuiet && _conflation is not { IsHolding: true };

    /// <summary>How many events wait for it.</summary>
    public int Count => _inbox.Count;

    /// <summary>The router hands over an event. True: <see cref="Post"/> when the batch is routed.</summary>
    public bool Push(Event @event) => _inbox.Push(@event);

    /// <summary>Sets it to work.</summary>
    public void Post() => _feed.Loop.Post(_work);

    public void Dispose()
    {
        lock (_working)
            _conflation?.Dispose();
    }

    private void Work()
    {
        lock (_working)
        {
            var items = EncodedItems.Rent();
            EncodePiece(items);
            if (!items.Items.IsEmpty)
                _feed.Ring.Append(items, _table.RingBytes);
            _conflation?.Taken();
            items.Return();
            // While everything is held back until a moment that is set, a thread need not be woken for each event.
            var isResting = _inbox.TryRest(worthWork: _conflation is { HasTimer: true } ? EventBatch.Size : 1);
            if (!isResting || _conflation is { IsGoing: true })
                Post();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A bug costs the readers of this feed, is reported, and must not end the loop that others live by.")]
    private void EncodePiece(EncodedItems items)
    {
        // A part of the ring, so that who keeps up is not lapped by one piece.
        var pieceBytes = (int)Math.Min(MaxPieceBytes, _table.RingBytes / 4);
        try
        {
            for (var batches = 0; batches < MaxPieceBatches && items.Bytes.Length < pieceBytes && TakeBatch(items, pieceBytes); batches++)
            {
                // more
            }
            while (items.Bytes.Length < pieceBytes && _conflation?.TryTake(out var @event) == true)
                Encode(@event, items);
        }
        catch (Exception fault)
        {
            Fail(fault, items);
        }
    }

    // False when there is no more.
    private bool TakeBatch(EncodedItems items, int pieceBytes)
    {
        var batch = EventBatch.OfThisThread;
        // What is only held back is not encoded yet.
        var count = _inbox.Take(batch, _conflation is null ? pieceBytes - items.Bytes.Length : long.MaxValue, out var dropped, out var lastDropped);
        if (dropped > 0)
            Skip(dropped, lastDropped, items);
        _lastTaken = count > 0 ? batch[count - 1].Sequence : _lastTaken;
        try
        {
            for (var i = 0; i < count; i++)
                Take(batch[i], items);
        }
        finally
        {
            Array.Clear(batch, 0, count);
        }
        return count == batch.Length;
    }

    private void Take(Event @event, EncodedItems items)
    {
        if (_feed.Definition.Where?.Matches(@event.Payload) == false)
            return;
        if (_conflation is null)
            Encode(@event, items);
        else
            _conflation.Hold(@event);
    }

    private void Encode(Event @event, EncodedItems items)
    {
        _feed.Encoding.WriteEvent(items, @event, _feed.Context);
        items.EndItem(@event.Sequence);
    }

    // What is before them is older, and the readers that stand before it are lapped by this anyway.
    private void Skip(long dropped, long lastDropped, EncodedItems items)
    {
        dropped += items.Items.Length;
        items.Clear();
        _conflation?.Clear();
        _feed.Ring.Skip(dropped, lastDropped);
    }

    // Nobody goes on over what could not be encoded: whoever comes back finds it in the log, and is told there.
    private void Fail(Exception fault, EncodedItems items)
    {
        _table.ReportFault(fault);
        Skip(1, _lastTaken, items);
        foreach (var reader in _feed.Readers)
            reader.Close(ByeReason.Failed);
    }
}
