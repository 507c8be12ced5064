using TelemetryHub.Broker.Recovery;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Broker.Sessions;

/// <content>What the log remembers of it is taken up after a restart.</content>
internal sealed partial class Session
{
    // Guarded by the session's lock, and only there while the log is routed again.
    private AlreadyRouted? _alreadyRouted;
    private long _lastSequence;

    /// <summary>Takes up what it had to deliver before a restart.</summary>
    public void Restore(SessionImage image, AlreadyRouted routed, IEnumerable<Queued> deliveries)
    {
        lock (_gate)
        {
            (_alreadyRouted, _lastSequence) = (routed, image.LastSequence);
            foreach (var queued in deliveries)
                _deliveries.Restore(queued, wasSent: queued.Ordinal < image.SentUpTo);
            _deliveries.RestoreProgress(image.NextOrdinal, image.SentUpTo);
        }
    }

    /// <summary>What was in the log before a restart has been routed: everything that comes now is new.</summary>
    public void EndRestore()
    {
        lock (_gate)
            _alreadyRouted = null;
    }

    private bool HasHad(in Delivery delivery) =>
        !delivery.IsReplay && _alreadyRouted!.Covers(delivery.Event.Sequence, delivery.Route.Group?.Filter ?? default, _lastSequence);
}
