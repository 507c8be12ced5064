namespace TelemetryHub.Mqtt.Client;

/// <summary>Whether and when a lost connection is made anew: exponential back-off with full jitter.</summary>
public sealed class ReconnectPolicy
{
    /// <summary>Never reconnect.</summary>
    public static ReconnectPolicy Off { get; } = new() { IsEnabled = false };

    public bool IsEnabled { get; init; } = true;

    /// <summary>The upper bound of the first wait; it doubles with every attempt that fails.</summary>
    public TimeSpan MinimumDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the doubling ends.</summary>
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After how many failed attempts in a row the client gives up; 0 for never.</summary>
    public int MaximumAttempts { get; init; }

    /// <summary>Decides per reason; the default gives up where the same attempt would fail, or do harm, again.</summary>
    public Func<ConnectionEnd, bool> ShouldReconnect { get; init; } = IsWorthAnotherAttempt;

    /// <summary>Supplies the jitter, a number from 0 (inclusive) to 1 (exclusive).</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <summary>The default of <see cref="ShouldReconnect"/>.</summary>
    public static bool IsWorthAnotherAttempt(ConnectionEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        return end.Cause is not (DisconnectCause.Requested or DisconnectCause.AuthenticationFailed) && end.Reason is not (
            ReasonCode.SessionTakenOver // two clients with one id would throw each other out for ever
            or ReasonCode.UnsupportedProtocolVersion
            or ReasonCode.ClientIdentifierNotValid
            or ReasonCode.BadUserNameOrPassword // repeated attempts lock accounts
            or ReasonCode.NotAuthorized
            or ReasonCode.Banned
            or ReasonCode.BadAuthenticationMethod
            or ReasonCode.UseAnotherServer
            or ReasonCode.ServerMoved);
    }

    /// <summary>The wait before an attempt, counted from 0. Full jitter spreads a storm of clients evenly over the whole interval.</summary>
    public TimeSpan DelayBefore(int attempt)
    {
        var doublings = Math.Clamp(attempt, 0, 30);
        var ceiling = Math.Min(MinimumDelay.TotalMilliseconds * (1L << doublings), MaximumDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(ceiling * Jitter());
    }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumDelay, TimeSpan.Zero, "Reconnect.MinimumDelay");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumDelay, MinimumDelay, "Reconnect.MaximumDelay");
        ArgumentOutOfRangeException.ThrowIfNegative(MaximumAttempts, "Reconnect.MaximumAttempts");
    }
}
