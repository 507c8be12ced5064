namespace TelemetryHub.Broker.Links;

/// <summary>A stack of actions for a link's owner, without a lock and without anything while it is empty.</summary>
internal sealed class PostedAction(Action action)
{
    private PostedAction? _next;

    public static void Push(ref PostedAction? top, Action action)
    {
        var posted = new PostedAction(action);
        PostedAction? seen = Volatile.Read(ref top);
        while (true)
        {
            posted._next = seen;
            PostedAction? found = Interlocked.CompareExchange(ref top, posted, seen);
            if (ReferenceEquals(found, seen)) return;
            seen = found;
        }
    }

    /// <summary>Takes all and runs them in the order in which they were pushed.</summary>
    public static void RunAll(ref PostedAction? top)
    {
        PostedAction? newest = Interlocked.Exchange(ref top, null);
        PostedAction? oldest = null;
        while (newest is not null) (newest._next, oldest, newest) = (oldest, newest, newest._next);
        for (; oldest is not null; oldest = oldest._next) oldest.Run();
    }

    private void Run() => action();
}
