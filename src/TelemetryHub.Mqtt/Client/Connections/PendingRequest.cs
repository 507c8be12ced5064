using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>A SUBSCRIBE or UNSUBSCRIBE that waits for its answer.</summary>
internal sealed class PendingRequest(PacketType answer, IReadOnlyList<TopicFilter> filters)
    : TaskCompletionSource<SubscriptionAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public PacketType Answer { get; } = answer;

    /// <summary>False when there is not one reason per filter. UNSUBACK of MQTT 3.x has none, and means success.</summary>
    public bool TryComplete(ReadOnlySpan<byte> reasons, PropertyList properties)
    {
        var saysNothing = reasons.IsEmpty && Answer == PacketType.UnsubAck;
        if (!saysNothing && reasons.Length != filters.Count)
        {
            TrySetException(new MqttException("The server answered another number of filters than it was asked about."));
            return false;
        }

        var outcomes = new SubscriptionOutcome[filters.Count];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = new SubscriptionOutcome(filters[i], saysNothing ? ReasonCode.Success : (ReasonCode)reasons[i]);
        TrySetResult(new SubscriptionAnswer(outcomes)
        {
            ReasonString = properties.Text(PropertyId.ReasonString),
            UserProperties = properties.UserProperties(),
        });
        return true;
    }
}
