using TelemetryHub.Core.Access;

namespace TelemetryHub.Core.Routing;

/// <summary>Whoever is handed events: an MQTT session, a feed.</summary>
public interface ISubscriber
{
    /// <summary>Whom the deliver decision is about, and whose own events no-local leaves out.</summary>
    Principal Principal { get; }

    /// <summary>Whether a shared subscription should prefer this member now: it is there and has room.</summary>
    bool IsReady { get; }

    /// <summary>
    /// Takes a pointer to the event, or drops it by its own policy; never blocks, sends nothing, calls nothing of the router.
    /// Called in order, by one thread at a time. True: call <see cref="Wake"/> when the batch is routed.
    /// </summary>
    bool Deliver(in Delivery delivery);

    /// <summary>Something was delivered: begin to send, elsewhere or later. Called without any lock held.</summary>
    void Wake();
}
