using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Server.Feeds.Streams;

/// <summary>After which time readers come back that are sent away, or cut off: never all at once. Any thread.</summary>
internal sealed class RetryTimes(FeedsOptions options, Admission admission)
{
    // Who had no room comes back into the same crowd.
    private const int OverloadFactor = 5;

    // So many new readers at once are no burden.
    private const double ReadersPerSecond = 2000;

    // It comes back once, to be told that it need not have.
    private static readonly TimeSpan Final = TimeSpan.FromMinutes(1);

    /// <summary>For readers whose connection breaks.</summary>
    public TimeSpan Usual => Around(options.RetryDelay);

    /// <summary>For readers that are sent away.</summary>
    public TimeSpan Of(ByeReason reason) => reason switch
    {
        ByeReason.BadRequest or ByeReason.Forbidden => Around(Final),
        ByeReason.Overload => Around(options.RetryDelay * OverloadFactor),
        ByeReason.Shutdown => Usual + (Random.Shared.NextDouble() * TimeSpan.FromSeconds(admission.MostAtOnce / ReadersPerSecond)),
        _ => Usual,
    };

    private static TimeSpan Around(TimeSpan time) => (0.5 + Random.Shared.NextDouble()) * time;
}
