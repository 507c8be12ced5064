namespace TelemetryHub.Core.Access;

/// <summary>The answer to a <see cref="ConnectRequest"/>.</summary>
public readonly record struct ConnectDecision(ConnectVerdict Verdict, Principal? Principal = null)
{
    /// <summary>Let in, as this principal.</summary>
    public static ConnectDecision Allow(Principal principal) => new(ConnectVerdict.Allowed, principal);
}
