using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace TelemetryHub.Broker.Authentication;

/// <summary>
/// The server's side of one SCRAM-SHA-256 authentication (RFC 5802, RFC 7677), without channel binding. In MQTT 5 its messages are the
/// authentication data of CONNECT and AUTH, and of the CONNACK or AUTH that ends it. Used by one thread at a time, for one attempt.
/// </summary>
public sealed class ScramConversation
{
    /// <summary>The value of MQTT's authentication method property.</summary>
    public const string Method = "SCRAM-SHA-256";

    /// <summary>Far above what a name and a nonce need.</summary>
    private const int MaxMessageBytes = 2048;

    private const int NonceBytes = 18;

    private readonly IScramCredentials _credentials;
    private readonly string _serverNonce;
    private ScramClientFirst? _first;
    private ScramCredential? _credential;
    private string _serverFirst = "";
    private bool _known;
    private bool _over;

    /// <summary>Begins a conversation; the client speaks first.</summary>
    public ScramConversation(IScramCredentials credentials)
        : this(credentials, Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes)))
    {
    }

    internal ScramConversation(IScramCredentials credentials, string serverNonce)
    {
        _credentials = credentials;
        _serverNonce = serverNonce;
    }

    /// <summary>Who the client says it is, once it has; who it is, once the conversation succeeded.</summary>
    public string? User => _first?.User;

    /// <summary>Answers the client's next message.</summary>
    public ScramResult Next(ReadOnlySpan<byte> message)
    {
        ScramResult result = Answer(message);
        _over = result.Status != ScramStatus.Continue;
        return result;
    }

    private ScramResult Answer(ReadOnlySpan<byte> message)
    {
        if (_over) return ScramResult.Failed(ScramFailure.OutOfOrder);
        if (message.Length > MaxMessageBytes || !Utf8.IsValid(message)) return ScramResult.Failed(ScramFailure.Malformed);
        string text = Encoding.UTF8.GetString(message);
        return _first is null ? AnswerFirst(text) : AnswerFinal(text, _first, _credential!);
    }

    private ScramResult AnswerFirst(string message)
    {
        ScramFailure failure = ScramClientFirst.TryRead(message, out _first);
        if (_first is null) return ScramResult.Failed(failure);

        ScramCredential? found = _credentials.Find(_first.User);
        _known = found is not null;
        _credential = found ?? _credentials.Decoys.Find(_first.User);
        string salt = Convert.ToBase64String(_credential.Salt);
        _serverFirst = string.Create(CultureInfo.InvariantCulture, $"r={_first.Nonce}{_serverNonce},s={salt},i={_credential.Iterations}");
        return new ScramResult(ScramStatus.Continue, Encoding.UTF8.GetBytes(_serverFirst));
    }

    private ScramResult AnswerFinal(string message, ScramClientFirst first, ScramCredential credential)
    {
        ScramFailure failure = ScramClientFinal.TryRead(message, out ScramClientFinal? final);
        if (final is null) return ScramResult.Failed(failure);
        if (final.Header != Convert.ToBase64String(Encoding.UTF8.GetBytes(first.Header)))
            return ScramResult.Failed(ScramFailure.ChannelBindingMismatch);
        if (final.Nonce != first.Nonce + _serverNonce) return ScramResult.Failed(ScramFailure.WrongNonce);

        byte[] signed = Encoding.UTF8.GetBytes($"{first.Bare},{_serverFirst},{final.WithoutProof}");

        // Computed for decoys too, so that the time tells nothing either.
        bool proved = IsProof(final.Proof, credential, signed);
        if (!proved || !_known) return ScramResult.Failed(ScramFailure.WrongProof);
        string verifier = Convert.ToBase64String(HMACSHA256.HashData(credential.ServerKey, signed));
        return new ScramResult(ScramStatus.Succeeded, Encoding.ASCII.GetBytes("v=" + verifier));
    }

    /// <summary>RFC 5802 §3: the proof is ClientKey XOR ClientSignature, and StoredKey is the hash of ClientKey.</summary>
    private static bool IsProof(ReadOnlySpan<byte> proof, ScramCredential credential, ReadOnlySpan<byte> signed)
    {
        Span<byte> clientKey = stackalloc byte[ScramCredential.KeyBytes];
        HMACSHA256.HashData(credential.StoredKey, signed, clientKey);
        for (int i = 0; i < clientKey.Length; i++) clientKey[i] ^= proof[i];
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(clientKey), credential.StoredKey);
    }
}
