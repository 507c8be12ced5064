using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Rings;
using TelemetryHub.Core.Journaling.Reading;

namespace TelemetryHub.Core.Feeds.Replays;

/// <summary>
/// What a reader gets before, or instead of, its feed's ring: that its cursor means nothing, a snapshot, the past, or the newest of each topic out of it. Made page by page,
/// the next when the reader has taken the one before. One thread at a time; it blocks on the disk.
/// </summary>
internal sealed class Replay(Feed feed, long position)
{
    private const int PageBytes = 64 << 10;

    // A page may look at so many events: a narrow filter over a long past must not keep the other readers waiting.
    private const int MaxExamined = 64 << 10;

    // What a reader may hold in events that nobody else holds. When there is more, the newest so far are given and it begins anew behind them.
    private const long MaxConflatedBytes = 1 << 20;

    private readonly LogSource _source = feed.OpenSource();
    private long _position = position;

    /// <summary>Begin at this time or with the oldest event, instead of behind the position.</summary>
    public FeedStart Start { get; init; }

    /// <summary>Begin by telling that the reader's cursor means nothing.</summary>
    public ResetReason? Reset { get; init; }

    /// <summary>Then the newest event of every topic.</summary>
    public bool WithSnapshot { get; init; }

    /// <summary>Of the past only the newest event of each topic.</summary>
    public bool IsConflated { get; init; }

    /// <summary>The pages, without end: the reader leaves when it stands where the ring goes on. Null: the disk could not be read; ask again later.</summary>
    public IEnumerable<ReplayPage?> Pages()
    {
        if (Reset is { } reset)
            yield return Told(items => feed.Encoding.WriteReset(items, reset, _position, feed.Context), goesOn: true);
        while (Start.Time is not null || Start.IsEarliest)
        {
            if (TryPlace())
                break;
            yield return null;
        }
        if (WithSnapshot)
        {
            foreach (var page in Encode(new Snapshot(feed, _position).Events(), _position))
                yield return page with { GoesOn = true };
            yield return Told(items => feed.Encoding.WriteSnapshotEnd(items, _position, feed.Context), goesOn: false);
        }
        foreach (var page in IsConflated ? NewestOfPast() : Past())
            yield return page;
    }

    private IEnumerable<ReplayPage?> Past()
    {
        while (true)
        {
            var page = feed.Pages.Find(_position);
            if (page is null && (page = NextOfPast()) is not null)
                feed.Pages.Add(page);
            _position = page?.To ?? _position;
            yield return page;
        }
    }

    private ReplayPage? NextOfPast()
    {
        var items = EncodedItems.Rent();
        try
        {
            var next = _position + 1;
            var missed = Read(ref next, feed.RoutedUpTo, @event => Take(@event, items), () => items.Bytes.Length, PageBytes, items);
            return ReplayPage.Of(_position, next - 1, items, missed);
        }
        catch (IOException error)
        {
            feed.ReportUnreadable(error);
            return null;
        }
        finally
        {
            items.Return();
            _source.Rest();
        }
    }

    private IEnumerable<ReplayPage?> NewestOfPast()
    {
        var (newest, next) = (new Newest(), _position + 1);
        while (true)
        {
            ReplayPage? gap;
            // What comes meanwhile is for the next round: else there would be no end of it while much is published.
            var end = feed.RoutedUpTo;
            while (true)
            {
                gap = GatherSome(newest, ref next, end, out var hasFailed);
                if (hasFailed)
                    yield return null;
                else if (gap is not null || next >= end || newest.Bytes >= MaxConflatedBytes)
                    break;
                else
                    yield return new ReplayPage(_position, _position, null) { GoesOn = true }; // others have their turn
            }
            var upTo = gap is null ? next - 1 : gap.From;
            foreach (var page in Encode(newest.Take(), upTo))
                yield return page with { GoesOn = page.To < upTo };
            _position = gap?.To ?? upTo;
            yield return gap ?? new ReplayPage(upTo, upTo, null);
        }
    }

    // A page that tells what is missing, when something is.
    private ReplayPage? GatherSome(Newest newest, ref long next, long end, out bool hasFailed)
    {
        hasFailed = false;
        var items = EncodedItems.Rent();
        try
        {
            var missed = Read(ref next, end, newest.Put, () => newest.Bytes, MaxConflatedBytes, items);
            return missed is null ? null : ReplayPage.Of(missed.Behind, next - 1, items, missed);
        }
        catch (IOException error)
        {
            feed.ReportUnreadable(error);
            hasFailed = true;
            return null;
        }
        finally
        {
            items.Return();
            _source.Rest();
        }
    }

    // Reads on until there is enough, the end, or something missing, which is written and ends the page.
    private MissedEvents? Read(ref long next, long end, Action<Event> take, Func<long> taken, long enoughBytes, EncodedItems items)
    {
        var batch = EventBatch.OfThisThread;
        for (var examined = 0; examined < MaxExamined && next < end && taken() < enoughBytes;)
        {
            if (!IsConflated && next - 1 > _position && feed.Ring.CanJoin(next - 1))
                break;
            var before = next;
            var count = _source.Read(ref next, end, batch, out var gap);
            for (var i = 0; i < count; i++)
            {
                if (!feed.Wants(batch[i]))
                    continue;
                take(batch[i]);
                if (taken() < 2 * enoughBytes || i + 1 == count)
                    continue;
                next = batch[i].Sequence + 1; // the rest of a batch that turns out to be very much is read again
                break;
            }
            Array.Clear(batch, 0, count);
            examined += Math.Max(count, 1);
            if (gap is { } missing)
                return Tell(missing, before - 1, items);
        }
        return null;
    }

    private MissedEvents Tell(JournalGap missing, long seen, EncodedItems items)
    {
        var reason = missing.Reason switch
        {
            GapReason.Dropped => MissedReason.Dropped,
            GapReason.Crashed => MissedReason.Crashed,
            _ => MissedReason.Damaged,
        };
        // How many of them would have been for this feed is known only when all would.
        var count = feed.TakesEverything ? missing.Missing : null;
        feed.Encoding.WriteGap(items, new Gap(count, seen, missing.To - 1, reason), feed.Context);
        items.EndItem(missing.To - 1);
        return new MissedEvents(reason, count ?? 0, seen);
    }

    private void Take(Event @event, EncodedItems items)
    {
        feed.Encoding.WriteEvent(items, @event, feed.Context);
        items.EndItem(@event.Sequence);
    }

    private IEnumerable<ReplayPage> Encode(IEnumerable<Event> ascending, long upTo)
    {
        using var events = ascending.GetEnumerator();
        for (var hasMore = events.MoveNext(); hasMore;)
        {
            var items = EncodedItems.Rent();
            long last;
            do
            {
                Take(events.Current, items);
                last = events.Current.Sequence;
                hasMore = events.MoveNext();
            }
            while (hasMore && items.Bytes.Length < PageBytes);
            var page = ReplayPage.Of(_position, hasMore ? last : upTo, items);
            items.Return();
            yield return page;
        }
    }

    private ReplayPage Told(Action<EncodedItems> write, bool goesOn)
    {
        var items = EncodedItems.Rent();
        write(items);
        items.EndItem(_position);
        var page = ReplayPage.Of(_position, _position, items) with { GoesOn = goesOn };
        items.Return();
        return page;
    }

    private bool TryPlace()
    {
        try
        {
            _position = feed.PlaceOf(Start);
            return true;
        }
        catch (IOException error)
        {
            feed.ReportUnreadable(error);
            return false;
        }
    }
}
