using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Sessions;

namespace TelemetryHub.Broker.Wills;

/// <summary>
/// Brings wills that are due into the log, and the word that they are gone behind them: a crash in between says a will twice rather than never. Called under
/// the registry's lock, so that the records of a session come in the order of what happened; nothing is routed here.
/// </summary>
internal sealed class DueWills(MqttBroker broker)
{
    public void Publish(Session session, Will will)
    {
        // MQTT 5 §3.1.3.2: asked again when it is sent, because the rules may have changed since it was set.
        if (!broker.Access.MayPublish(will.Publisher, will.Topic.Name))
            Drop(session, DropReason.NotAuthorized);
        else if (will.Retain && will.Payload.Length > 0 && broker.Router.RetainedBytes >= broker.Options.MaxRetainedBytes)
            Drop(session, DropReason.RetainedFull);
        else
            broker.Publisher.Append(will.ToEvent(broker.UnixMilliseconds), GoneOf(session));
    }

    private void Drop(Session session, DropReason reason)
    {
        broker.Statistics.Drop(reason);
        GoneOf(session)?.Invoke();
    }

    private static Action? GoneOf(Session session)
    {
        if (session.Ledger is not { } ledger)
            return null;
        var holder = session.Holder;
        return () => ledger.WillGone(holder);
    }
}
