using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client;

/// <summary>What the server said to one filter.</summary>
public readonly record struct SubscriptionOutcome(TopicFilter Filter, ReasonCode Reason)
{
    /// <summary>False when the server did not do what was asked (reason 0x80 and above).</summary>
    public bool IsSuccess => !Reason.IsFailure();
}
