namespace TelemetryHub.Broker.Authentication;

/// <summary>
/// SASLprep (RFC 4013), as far as it needs no Unicode tables: printable ASCII is its own preparation, control characters are prohibited.
/// Anything else would need normalisation form KC, which a runtime without globalisation data does not have; it is refused rather than
/// compared wrongly.
/// </summary>
public static class SaslPrep
{
    /// <summary>Whether <paramref name="text"/> is not empty and prepared as it stands.</summary>
    public static bool IsPrepared(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange(' ', '~');
}
