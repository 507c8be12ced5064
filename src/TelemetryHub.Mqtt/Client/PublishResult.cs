namespace TelemetryHub.Mqtt.Client;

/// <summary>How the server answered a publish. QoS 0 has no answer and is always <see cref="ReasonCode.Success"/>.</summary>
public readonly record struct PublishResult(ReasonCode Reason, string? ReasonString = null)
{
    /// <summary>False when the server did not take the message (reason 0x80 and above).</summary>
    public bool IsSuccess => !Reason.IsFailure();
}
