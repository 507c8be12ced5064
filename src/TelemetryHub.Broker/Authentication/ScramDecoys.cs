using System.Security.Cryptography;
using System.Text;

namespace TelemetryHub.Broker.Authentication;

/// <summary>
/// Credentials of users that do not exist: the same salt at every attempt, as a real user's would be, so that trying names tells nothing.
/// </summary>
/// <param name="secret">What the salts are derived from; should outlive restarts, as salts that change give the decoys away.</param>
/// <param name="iterations">What most users have.</param>
/// <param name="saltBytes">What most users have, 32 at most.</param>
public sealed class ScramDecoys(byte[] secret, int iterations = ScramCredential.MinIterations, int saltBytes = 16)
{
    // Never matches: the result of a conversation with a decoy is not looked at.
    private static readonly byte[] NoKey = new byte[ScramCredential.KeyBytes];

    /// <summary>The credential that stands in for <paramref name="user"/>.</summary>
    public ScramCredential Find(string user)
    {
        byte[] salt = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(user));
        return new ScramCredential(salt[..Math.Min(saltBytes, salt.Length)], iterations, NoKey, NoKey);
    }
}
