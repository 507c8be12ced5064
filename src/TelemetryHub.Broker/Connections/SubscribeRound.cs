using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Connections;

/// <summary>
/// The filters of one SUBSCRIBE, each answered by a reason. One packet may ask for the retained messages of the whole hub again and
/// again: it gets them while they fit the subscriber's queue, and a filter that it repeats gets them once.
/// </summary>
internal sealed class SubscribeRound(Connection connection, MqttBroker broker, uint identifier)
{
    private readonly HashSet<TopicFilter> _seen = [];
    private int _replayed;
    private int _added;

    public ReasonCode Subscribe(in SubscriptionEntry entry)
    {
        if (!TopicFilter.TryParse(entry.Filter, out var filter))
            return ReasonCode.TopicFilterInvalid;
        if (entry.Filter.Length > broker.Options.MaxTopicBytes || filter.Levels > broker.Options.MaxTopicLevels)
            return ReasonCode.QuotaExceeded;
        if (!broker.Access.MaySubscribe(connection.Session.Principal, filter))
            return ReasonCode.NotAuthorized;
        return Add(ToSubscription(entry, filter)) ? (ReasonCode)entry.QoS : ReasonCode.QuotaExceeded;
    }

    private Subscription ToSubscription(in SubscriptionEntry entry, TopicFilter filter) => new()
    {
        Target = connection.Session,
        Filter = filter,
        MaxQoS = entry.QoS,
        NoLocal = entry.NoLocal || connection.Settings.IsBridge,
        // MQTT 3 has no such option; bridges need the flag to keep retained messages retained.
        RetainAsPublished = entry.RetainAsPublished || connection.Settings.IsBridge,
        RetainHandling = _seen.Add(filter) ? (RetainHandling)entry.RetainHandling : RetainHandling.Never,
        Identifier = identifier,
    };

    private bool Add(Subscription subscription)
    {
        var session = connection.Session;
        if (_added++ >= broker.Options.MaxSubscriptionsPerClient || _replayed >= broker.Options.MaxQueuedMessages)
            return false;
        if (!session.Subscriptions.TryAdd(subscription, out var replaced))
            return false;
        _replayed += broker.Router.Subscribe(subscription, replaced, session.KeptLedger is { } ledger ? ledger.Subscribed : null);
        if (session.Subscriptions.IsClosed)
            broker.Router.Unsubscribe([subscription]); // taken over by a clean start meanwhile: nobody would ever remove it
        return true;
    }
}
