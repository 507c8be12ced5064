using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>
/// The publishes of one connection or request, until it is known whether each is kept; answers come in the order of the publishes. Belongs to one owner,
/// who bounds <see cref="Count"/>; only the log calls it from other threads.
/// </summary>
/// <typeparam name="TTag">What the owner knows a publish by.</typeparam>
/// <param name="publisher">Where to.</param>
/// <param name="wake">Called on any thread when something was decided, or when there is space: it hands over and returns.</param>
internal sealed class PendingPublishes<TTag>(Publisher publisher, Action wake) : ILogWaiter
{
    private readonly Queue<Waiting> _waiting = new();
    private volatile bool _isAwaitingLog; // it will call OnKept, on its own thread
    private volatile bool _isAwaitingSpace;

    /// <summary>How many are not answered yet.</summary>
    public int Count => _waiting.Count;

    /// <summary>Whether the owner has to wait for space before it publishes more.</summary>
    public bool IsAwaitingSpace => _isAwaitingSpace;

    /// <summary>
    /// Publishes. When it was <see cref="PublishStatus.Taken"/>, <see cref="TryTake"/> answers for it some time; at QoS 0 as soon as those before it are
    /// answered. Everything else is the answer.
    /// </summary>
    public PublishStatus TryPublish(Principal principal, in Publication publication, TTag tag)
    {
        var status = publisher.TryPublish(principal, publication, out var appended, out var ticket);
        if (status == PublishStatus.Taken)
            _waiting.Enqueue(new Waiting(tag, appended!, ticket));
        return status;
    }

    /// <summary>Takes the oldest publish, if it is decided; otherwise the owner is woken when it is.</summary>
    public bool TryTake(out Published<TTag> published)
    {
        while (_waiting.TryPeek(out var next))
        {
            var state = publisher.Log.State(next.Ticket);
            if (state != KeptState.Pending)
            {
                _waiting.Dequeue();
                published = new Published<TTag>(next.Tag, next.Event, state == KeptState.Kept);
                return true;
            }
            if (_isAwaitingLog || IsAwaited(next.Ticket))
                break;
        }
        published = default;
        return false;
    }

    /// <summary>After <see cref="PublishStatus.Full"/>: the owner is woken when there is space. False when there is some already.</summary>
    public bool WaitForSpace()
    {
        _isAwaitingSpace = true;
        return publisher.Log.WaitForSpace(this) || (_isAwaitingSpace = false);
    }

    void ILogWaiter.OnKept()
    {
        _isAwaitingLog = false;
        wake();
    }

    void ILogWaiter.OnSpace()
    {
        _isAwaitingSpace = false;
        wake();
    }

    // Set first: the log may call back before it has returned.
    private bool IsAwaited(long ticket)
    {
        _isAwaitingLog = true;
        return publisher.Log.WaitUntilKept(ticket, this) || (_isAwaitingLog = false);
    }

    private readonly record struct Waiting(TTag Tag, Event Event, long Ticket);
}
