using System.Security.Cryptography;
using System.Text;

namespace TelemetryHub.Broker.Tests.Authentication;

/// <summary>The client's side of SCRAM-SHA-256, written from the RFC and not from the server.</summary>
internal sealed class ScramClient(string user, string password, string nonce = "fyko+d2lbbFgONRv9qkxdawL", string header = "n,,")
{
    public byte[] First { get; } = Encoding.UTF8.GetBytes($"{header}n={user},r={nonce}");

    public byte[]? ExpectedServerFinal { get; private set; }

    public byte[] Final(byte[] serverFirst, Func<string, string>? change = null)
    {
        string text = Encoding.UTF8.GetString(serverFirst);
        string[] parts = text.Split(',');
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), Convert.FromBase64String(parts[1][2..]), int.Parse(parts[2][2..]), HashAlgorithmName.SHA256, 32);
        string bare = $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(header))},{parts[0]}";
        if (change is not null) bare = change(bare);
        byte[] signed = Encoding.UTF8.GetBytes($"n={user},r={nonce},{text},{bare}");
        byte[] clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        byte[] signature = HMACSHA256.HashData(SHA256.HashData(clientKey), signed);
        byte[] proof = [.. clientKey.Zip(signature, (left, right) => (byte)(left ^ right))];
        byte[] serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        ExpectedServerFinal = Encoding.UTF8.GetBytes("v=" + Convert.ToBase64String(HMACSHA256.HashData(serverKey, signed)));
        return Encoding.UTF8.GetBytes($"{bare},p={Convert.ToBase64String(proof)}");
    }
}
