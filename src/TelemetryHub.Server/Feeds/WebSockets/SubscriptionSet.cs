using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>The subscriptions of a socket, which take turns. Belongs to the link's owner.</summary>
/// <param name="admission">Each is a reader, but for the URL's: that is the socket's own place.</param>
internal sealed class SubscriptionSet(Admission admission)
{
    private readonly List<Subscription> _all = [];
    private int _first; // whose turn it is

    public int Count => _all.Count;

    /// <summary>Why the whole socket has to end; <see cref="ByeReason.None"/> while it has not to.</summary>
    public ByeReason EndReason { get; private set; }

    public bool Contains(string name) => Find(name) >= 0;

    public void Add(Subscription subscription) => _all.Add(subscription);

    /// <summary>Ends a subscription; false when there is none of this name.</summary>
    public bool Remove(string name)
    {
        var place = Find(name);
        if (place < 0) return false;
        RemoveAt(place);
        return true;
    }

    /// <summary>Collects what waits, from those that were woken, until the budget is used up. True when there is more.</summary>
    public bool Fill(PooledBytes output, int budgetBytes)
    {
        var hasMore = false;
        var hasEnded = false;
        for (var i = 0; i < _all.Count; i++)
        {
            var place = (_first + i) % _all.Count;
            if (output.Count >= budgetBytes)
            {
                (_first, hasMore) = (place, true);
                break;
            }

            var subscription = _all[place];
            if (!subscription.TakeDirty()) continue;
            var filled = subscription.Reader.Fill(output, budgetBytes - output.Count);
            hasEnded |= filled == ReaderFill.End;
            if (filled != ReaderFill.More) continue;
            subscription.MarkDirty();
            hasMore = true;
        }

        if (hasEnded) RemoveEnded();
        return hasMore;
    }

    /// <summary>Every subscription that has not ended yet says goodbye.</summary>
    public void End(ByeReason reason, PooledBytes output)
    {
        foreach (var subscription in _all)
        {
            subscription.Reader.Close(reason);
            subscription.Reader.Fill(output, 1);
        }

        Clear();
    }

    /// <summary>Ends all.</summary>
    public void Clear()
    {
        _all.ForEach(Leave);
        _all.Clear();
    }

    private int Find(string name) => _all.FindIndex(subscription => subscription.Name == name);

    // One of several that ends ends alone, as its line says. The URL's was all that was asked for, and when the hub stops all end.
    private void RemoveEnded()
    {
        for (var place = _all.Count - 1; place >= 0; place--)
        {
            var (name, reason) = (_all[place].Name, _all[place].Reader.EndReason);
            if (reason == ByeReason.None) continue;
            if (EndReason == ByeReason.None && (name is null || reason == ByeReason.Shutdown)) EndReason = reason;
            RemoveAt(place);
        }
    }

    private void RemoveAt(int place)
    {
        Leave(_all[place]);
        _all.RemoveAt(place);
        _first = 0;
    }

    private void Leave(Subscription subscription)
    {
        subscription.Reader.Dispose();
        if (subscription.Name is not null) admission.Leave();
    }
}
