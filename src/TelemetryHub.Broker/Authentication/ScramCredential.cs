using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TelemetryHub.Broker.Authentication;

/// <summary>What a server keeps of a password for SCRAM-SHA-256: enough to check it, not enough to log in with. Written as PostgreSQL does.</summary>
public sealed class ScramCredential
{
    /// <summary>RFC 7677 §4: no fewer.</summary>
    public const int MinIterations = 4096;

    /// <summary>A client must compute as many; more is a slip of the pen.</summary>
    public const int MaxIterations = 10_000_000;

    internal const int KeyBytes = SHA256.HashSizeInBytes;
    internal const string Scheme = "SCRAM-SHA-256$";
    private readonly byte[] _salt;
    private readonly byte[] _storedKey;
    private readonly byte[] _serverKey;

    internal ScramCredential(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey)
    {
        _salt = salt;
        Iterations = iterations;
        _storedKey = storedKey;
        _serverKey = serverKey;
    }

    /// <summary>How often the client hashes.</summary>
    public int Iterations { get; }

    /// <summary>What the client hashes with the password.</summary>
    public ReadOnlySpan<byte> Salt => _salt;

    internal ReadOnlySpan<byte> StoredKey => _storedKey;

    internal ReadOnlySpan<byte> ServerKey => _serverKey;

    /// <summary>Derives a credential. Null when SASLprep cannot be applied to the password.</summary>
    public static ScramCredential? FromPassword(string password, ReadOnlySpan<byte> salt, int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, MinIterations);
        if (!SaslPrep.IsPrepared(password)) return null;

        // RFC 5802 §3: Hi() is PBKDF2 with one block.
        Span<byte> salted = stackalloc byte[KeyBytes];
        Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, salted, iterations, HashAlgorithmName.SHA256);
        byte[] clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        return new ScramCredential(salt.ToArray(), iterations, SHA256.HashData(clientKey), HMACSHA256.HashData(salted, "Server Key"u8));
    }

    /// <summary>Reads <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>. Otherwise says what is wrong, without repeating any of it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ScramCredential? credential, out string problem)
    {
        credential = null;
        problem = $"expected {Scheme}<iterations>:<salt>$<StoredKey>:<ServerKey>";
        if (!text.StartsWith(Scheme)) return false;
        text = text[Scheme.Length..];
        int colon = text.IndexOf(':');
        int dollar = text.IndexOf('$');
        int lastColon = text.LastIndexOf(':');
        if (colon < 0 || dollar < colon || lastColon < dollar) return false;

        problem = $"the iterations must be a number from {MinIterations} to {MaxIterations}";
        if (!int.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out int iterations)) return false;
        if (iterations is < MinIterations or > MaxIterations) return false;

        problem = "the salt must be base64, and not empty";
        if (!TryDecode(text[(colon + 1)..dollar], out byte[] salt) || salt.Length == 0) return false;

        problem = $"StoredKey and ServerKey must be base64 of {KeyBytes} bytes each";
        if (!TryDecode(text[(dollar + 1)..lastColon], out byte[] storedKey) || storedKey.Length != KeyBytes) return false;
        if (!TryDecode(text[(lastColon + 1)..], out byte[] serverKey) || serverKey.Length != KeyBytes) return false;

        problem = "";
        credential = new ScramCredential(salt, iterations, storedKey, serverKey);
        return true;
    }

    /// <summary>The form that <see cref="TryParse"/> reads. A secret: with it, the hub can be impersonated, and weak passwords guessed.</summary>
    public string Format()
        => string.Create(
            CultureInfo.InvariantCulture,
            $"{Scheme}{Iterations}:{Convert.ToBase64String(_salt)}${Convert.ToBase64String(_storedKey)}:{Convert.ToBase64String(_serverKey)}");

    internal static bool TryDecode(ReadOnlySpan<char> base64, out byte[] bytes)
    {
        bytes = new byte[base64.Length];

        // RFC 5802 §5.1: no white space, which the runtime's decoder would skip.
        if (base64.ContainsAny(" \t\r\n") || !Convert.TryFromBase64Chars(base64, bytes, out int written)) return false;
        bytes = bytes[..written];
        return true;
    }
}
