namespace TelemetryHub.Broker.Authentication;

/// <summary>What the hub answers to a message of a SCRAM conversation.</summary>
/// <param name="Status">Whether it goes on.</param>
/// <param name="Reply">The authentication data to send.</param>
/// <param name="Failure">Why it failed, for the log.</param>
public readonly record struct ScramResult(ScramStatus Status, byte[] Reply, ScramFailure Failure = ScramFailure.None)
{
    internal static ScramResult Failed(ScramFailure failure) => new(ScramStatus.Failed, [.. "e="u8, .. Word(failure)], failure);

    // RFC 5802 §7: server-error-value. "unknown-user" is never said.
    private static ReadOnlySpan<byte> Word(ScramFailure failure) => failure switch
    {
        ScramFailure.Malformed => "invalid-encoding"u8,
        ScramFailure.ExtensionNotSupported => "extensions-not-supported"u8,
        ScramFailure.ChannelBindingNotSupported => "channel-binding-not-supported"u8,
        ScramFailure.ChannelBindingMismatch => "channel-bindings-dont-match"u8,
        ScramFailure.UserNameNotSupported => "invalid-username-encoding"u8,
        ScramFailure.WrongProof => "invalid-proof"u8,
        _ => "other-error"u8,
    };
}
