namespace TelemetryHub.Broker.Authentication;

/// <summary>The client's second message (RFC 5802 §7): <c>c=biws,r=nonce,p=proof</c>.</summary>
/// <param name="Header">The channel-binding header, repeated, in base64.</param>
/// <param name="Nonce">Both parts of the nonce.</param>
/// <param name="Proof">What only who knows the password can compute.</param>
/// <param name="WithoutProof">Everything before the proof, which is signed.</param>
internal sealed record ScramClientFinal(string Header, string Nonce, byte[] Proof, string WithoutProof)
{
    public static ScramFailure TryRead(string message, out ScramClientFinal? final)
    {
        final = null;
        string[] parts = message.Split(',');
        if (parts.Length < 3) return ScramFailure.Malformed;
        if (parts[0].StartsWith("m=", StringComparison.Ordinal)) return ScramFailure.ExtensionNotSupported;

        // Between nonce and proof may stand optional extensions, which are to be ignored; the proof is last.
        string proof = parts[^1];
        if (!parts[0].StartsWith("c=", StringComparison.Ordinal) || !parts[1].StartsWith("r=", StringComparison.Ordinal)
            || !proof.StartsWith("p=", StringComparison.Ordinal))
            return ScramFailure.Malformed;
        if (!ScramCredential.TryDecode(proof.AsSpan(2), out byte[] bytes) || bytes.Length != ScramCredential.KeyBytes)
            return ScramFailure.Malformed;

        final = new ScramClientFinal(parts[0][2..], parts[1][2..], bytes, message[..(message.Length - proof.Length - 1)]);
        return ScramFailure.None;
    }
}
