using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>Reasons as readers are told them: the names in kebab-case.</summary>
internal static class ReasonWord
{
    public static ReadOnlySpan<byte> Of(MissedReason reason) => reason switch
    {
        MissedReason.Slow => "slow"u8,
        MissedReason.Overload => "overload"u8,
        MissedReason.Dropped => "dropped"u8,
        MissedReason.Damaged => "damaged"u8,
        MissedReason.Crashed => "crashed"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    public static ReadOnlySpan<byte> Of(ResetReason reason) => reason switch
    {
        ResetReason.Epoch => "epoch"u8,
        ResetReason.Future => "future"u8,
        ResetReason.Unknown => "unknown"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    public static ReadOnlySpan<byte> Of(ByeReason reason) => reason switch
    {
        ByeReason.None => "none"u8,
        ByeReason.Shutdown => "shutdown"u8,
        ByeReason.Slow => "slow"u8,
        ByeReason.Overload => "overload"u8,
        ByeReason.BadRequest => "bad-request"u8,
        ByeReason.Forbidden => "forbidden"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
