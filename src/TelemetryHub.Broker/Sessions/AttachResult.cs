using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Sessions;

/// <summary>What became of a <see cref="SessionRequest"/>.</summary>
/// <param name="Session">The session; null when there is none.</param>
/// <param name="IsPresent">It was there before.</param>
/// <param name="Refusal">Why there is none.</param>
internal readonly record struct AttachResult(Session? Session, bool IsPresent, ReasonCode Refusal)
{
    /// <summary>The client id changes hands too often.</summary>
    public static AttachResult Jailed => new(null, false, ReasonCode.ConnectionRateExceeded);

    /// <summary>There are as many sessions as may be.</summary>
    public static AttachResult TooMany => new(null, false, ReasonCode.QuotaExceeded);

    public static AttachResult Of(Session session, bool isPresent) => new(session, isPresent, ReasonCode.Success);
}
