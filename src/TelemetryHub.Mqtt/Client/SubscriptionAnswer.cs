namespace TelemetryHub.Mqtt.Client;

/// <summary>The server's SUBACK or UNSUBACK: one outcome per filter, in the order of the request.</summary>
public sealed record SubscriptionAnswer(IReadOnlyList<SubscriptionOutcome> Outcomes)
{
    public string? ReasonString { get; init; }

    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    /// <summary>True when every filter was granted or removed.</summary>
    public bool IsSuccess => Outcomes.All(outcome => outcome.IsSuccess);
}
