using System.Security.Cryptography;
using System.Text;

namespace TelemetryHub.Mqtt.Client.Authentication;

/// <summary>
/// SCRAM-SHA-256 (RFC 5802, RFC 7677): the password never crosses the wire, and the server proves that it knows it, too. Safe to share
/// between clients.
/// </summary>
public sealed class ScramSha256Authentication : IMqttAuthentication
{
    private readonly byte[] _password;
    private readonly Func<string> _nonce;

    // The key costs thousands of hash rounds by design; a reconnect meets the same salt and finds it here. Replaced as a whole.
    private SaltedPassword? _known;

    public ScramSha256Authentication(string user, string password)
        : this(user, password, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)))
    {
    }

    /// <summary>With nonces that are known beforehand, as the test vectors of the RFCs need them.</summary>
    internal ScramSha256Authentication(string user, string password, Func<string> nonce)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        // RFC 5802 §5.1: ',' and '=' have a meaning of their own in the messages
        User = user.Normalize(NormalizationForm.FormKC).Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);
        _password = Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC));
        _nonce = nonce;
    }

    public string Method => "SCRAM-SHA-256";

    /// <summary>The user's name, escaped as the messages need it.</summary>
    internal string User { get; }

    public IAuthenticationConversation Begin() => new ScramSha256Conversation(this, _nonce());

    internal byte[] SaltPassword(byte[] salt, int iterations)
    {
        if (_known is { } known && known.Iterations == iterations && known.Salt.AsSpan().SequenceEqual(salt))
            return known.Key;
        var key = Rfc2898DeriveBytes.Pbkdf2(_password, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        _known = new SaltedPassword(salt, iterations, key);
        return key;
    }

    private sealed record SaltedPassword(byte[] Salt, int Iterations, byte[] Key);
}
