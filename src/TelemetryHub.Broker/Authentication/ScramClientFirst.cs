namespace TelemetryHub.Broker.Authentication;

/// <summary>The client's first message (RFC 5802 §7): <c>n,,n=user,r=nonce</c>.</summary>
/// <param name="Header">The channel-binding header, as far as the bare message: <c>n,,</c>.</param>
/// <param name="Bare">The rest, which is signed.</param>
/// <param name="User">The user's name, decoded.</param>
/// <param name="Nonce">The client's part of the nonce.</param>
internal sealed record ScramClientFirst(string Header, string Bare, string User, string Nonce)
{
    public static ScramFailure TryRead(string message, out ScramClientFirst? first)
    {
        first = null;

        // gs2-header = gs2-cbind-flag "," [ "a=" saslname ] ","
        string[] parts = message.Split(',');
        if (parts.Length < 4) return ScramFailure.Malformed;
        if (parts[0].StartsWith("p=", StringComparison.Ordinal)) return ScramFailure.ChannelBindingNotSupported;

        // 'y': the client could bind and believes that the hub cannot; it is right.
        if (parts[0] is not ("n" or "y")) return ScramFailure.Malformed;
        if (parts[2].StartsWith("m=", StringComparison.Ordinal)) return ScramFailure.ExtensionNotSupported;
        if (!parts[2].StartsWith("n=", StringComparison.Ordinal) || !parts[3].StartsWith("r=", StringComparison.Ordinal))
            return ScramFailure.Malformed;
        if (!TryDecodeName(parts[2].AsSpan(2), out string user)) return ScramFailure.UserNameNotSupported;

        ScramFailure identity = CheckIdentity(parts[1], user);
        if (identity != ScramFailure.None) return identity;
        string nonce = parts[3][2..];
        if (nonce.Length == 0 || nonce.AsSpan().ContainsAnyExceptInRange('!', '~')) return ScramFailure.Malformed;

        string header = $"{parts[0]},{parts[1]},";
        first = new ScramClientFirst(header, message[header.Length..], user, nonce);
        return ScramFailure.None;
    }

    /// <summary>To act as oneself is the only choice.</summary>
    private static ScramFailure CheckIdentity(string part, string user)
    {
        if (part.Length == 0) return ScramFailure.None;
        if (!part.StartsWith("a=", StringComparison.Ordinal)) return ScramFailure.Malformed;
        return TryDecodeName(part.AsSpan(2), out string identity) && identity == user ? ScramFailure.None : ScramFailure.OtherIdentity;
    }

    /// <summary>§5.1: ',' is written '=2C' and '=' is written '=3D'; no other '=' may stand in a name.</summary>
    private static bool TryDecodeName(ReadOnlySpan<char> encoded, out string name)
    {
        name = encoded.ToString().Replace("=2C", ",", StringComparison.Ordinal);
        if (name.Replace("=3D", "", StringComparison.Ordinal).Contains('=')) return false;
        name = name.Replace("=3D", "=", StringComparison.Ordinal);
        return SaslPrep.IsPrepared(name);
    }
}
