using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Recovery;

/// <summary>A subscription as it is recorded.</summary>
internal readonly record struct SubscriptionImage(
    TopicFilter Filter, QoS MaxQoS, bool NoLocal, bool RetainAsPublished, RetainHandling RetainHandling, uint Identifier)
{
    private const int NoLocalFlag = 4, RetainAsPublishedFlag = 8, RetainHandlingShift = 4, HighestFlag = 32;

    public static SubscriptionImage Of(Subscription subscription) => new(
        subscription.Filter,
        subscription.MaxQoS,
        subscription.NoLocal,
        subscription.RetainAsPublished,
        subscription.RetainHandling,
        subscription.Identifier);

    public Subscription ToSubscription(ISubscriber target) => new()
    {
        Target = target,
        Filter = Filter,
        MaxQoS = MaxQoS,
        NoLocal = NoLocal,
        RetainAsPublished = RetainAsPublished,
        RetainHandling = RetainHandling,
        Identifier = Identifier,
    };

    public void Write(ref RecordWriter writer)
    {
        var flags = (int)MaxQoS | (NoLocal ? NoLocalFlag : 0) | (RetainAsPublished ? RetainAsPublishedFlag : 0)
            | ((int)RetainHandling << RetainHandlingShift);
        writer.Byte((byte)flags);
        writer.Number(Identifier);
        writer.Block(Filter.Utf8);
    }

    public static SubscriptionImage Read(ref RecordReader reader)
    {
        var flags = reader.Flags(HighestFlag);
        var handling = (RetainHandling)(flags >> RetainHandlingShift);
        if (handling > RetainHandling.Never)
            throw RecordReader.Malformed("an unknown retain handling");
        var identifier = reader.SmallNumber();
        if (!TopicFilter.TryParse(reader.Block(), out var filter))
            throw RecordReader.Malformed("the filter of a subscription");
        return new SubscriptionImage(
            filter, RecordReader.QoSOf(flags), (flags & NoLocalFlag) != 0, (flags & RetainAsPublishedFlag) != 0, handling, identifier);
    }
}
