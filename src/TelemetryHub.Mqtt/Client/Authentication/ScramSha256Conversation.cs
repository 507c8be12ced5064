using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TelemetryHub.Mqtt.Client.Authentication;

/// <summary>The client's side of RFC 5802 §5, without channel binding.</summary>
internal sealed class ScramSha256Conversation(ScramSha256Authentication credentials, string nonce) : IAuthenticationConversation
{
    // RFC 7677 §4 asks for at least 4096; the upper bound keeps a hostile server from burning our processor.
    private const int LeastIterations = 4096;
    private const int MostIterations = 10_000_000;

    private readonly string _firstBare = $"n={credentials.User},r={nonce}";
    private byte[]? _serverSignature;

    public ValueTask<ReadOnlyMemory<byte>> StartAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes("n,," + _firstBare));

    public ValueTask<ReadOnlyMemory<byte>> RespondAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancellationToken)
    {
        if (_serverSignature is not null)
            throw new MqttAuthenticationException("The server asked twice.");
        var serverFirst = Encoding.UTF8.GetString(challenge.Span);
        var (serverNonce, salt, iterations) = ReadServerFirst(serverFirst);
        var salted = credentials.SaltPassword(salt, iterations);

        var finalWithoutProof = $"c=biws,r={serverNonce}"; // biws = base64("n,,"): no channel binding
        var authMessage = Encoding.UTF8.GetBytes($"{_firstBare},{serverFirst},{finalWithoutProof}");
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), authMessage);
        for (var i = 0; i < clientKey.Length; i++)
            clientKey[i] ^= signature[i];
        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), authMessage);
        return ValueTask.FromResult<ReadOnlyMemory<byte>>(
            Encoding.UTF8.GetBytes($"{finalWithoutProof},p={Convert.ToBase64String(clientKey)}"));
    }

    public ValueTask CompleteAsync(ReadOnlyMemory<byte> finalData, CancellationToken cancellationToken)
    {
        var final = Encoding.UTF8.GetString(finalData.Span);
        var verifier = Attribute(final.Split(',')[0], 'v');
        if (_serverSignature is null || !CryptographicOperations.FixedTimeEquals(FromBase64(verifier), _serverSignature))
            throw new MqttAuthenticationException("The server does not know the password: its signature is wrong.");
        return ValueTask.CompletedTask;
    }

    private (string Nonce, byte[] Salt, int Iterations) ReadServerFirst(string serverFirst)
    {
        var parts = serverFirst.Split(',');
        if (parts.Length < 3)
            throw new MqttAuthenticationException("The server's first message is incomplete.");
        var serverNonce = Attribute(parts[0], 'r'); // an 'm=' here would be an extension that we must not ignore
        if (!serverNonce.StartsWith(nonce, StringComparison.Ordinal) || serverNonce.Length == nonce.Length)
            throw new MqttAuthenticationException("The server's nonce does not go on from ours.");
        var salt = FromBase64(Attribute(parts[1], 's'));
        if (!int.TryParse(Attribute(parts[2], 'i'), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < LeastIterations or > MostIterations)
            throw new MqttAuthenticationException($"The iteration count is not between {LeastIterations} and {MostIterations}.");
        return (serverNonce, salt, iterations);
    }

    private static string Attribute(string part, char name) =>
        part.Length > 2 && part[0] == name && part[1] == '='
            ? part[2..]
            : throw new MqttAuthenticationException($"The server's message lacks '{name}='.");

    private static byte[] FromBase64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new MqttAuthenticationException("The server's message has broken base64.", e);
        }
    }
}
