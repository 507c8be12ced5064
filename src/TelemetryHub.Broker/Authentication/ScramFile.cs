using System.Security.Cryptography;

namespace TelemetryHub.Broker.Authentication;

/// <summary>
/// Users in a text file, one per line: <c>user:SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>. Empty lines and lines that begin
/// with <c>#</c> are skipped. Immutable: a changed file is read anew.
/// </summary>
public sealed class ScramFile : IScramCredentials
{
    private readonly Dictionary<string, ScramCredential> _users;

    private ScramFile(Dictionary<string, ScramCredential> users)
    {
        _users = users;
        Decoys = MakeDecoys(users.Values);
    }

    /// <inheritdoc/>
    public ScramDecoys Decoys { get; }

    /// <summary>How many users there are.</summary>
    public int Count => _users.Count;

    /// <summary>Reads a file's lines; <paramref name="name"/> stands in the messages.</summary>
    /// <exception cref="FormatException">Lists every wrong line as <c>name:line: what is wrong</c>.</exception>
    public static ScramFile Parse(IEnumerable<string> lines, string name)
    {
        var users = new Dictionary<string, ScramCredential>(StringComparer.Ordinal);
        var problems = new List<string>();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#')) continue;
            string? problem = Add(users, line.AsSpan().TrimEnd());
            if (problem is not null) problems.Add($"{name}:{number}: {problem}");
        }

        return problems.Count == 0 ? new ScramFile(users) : throw new FormatException(string.Join(Environment.NewLine, problems));
    }

    /// <inheritdoc/>
    public ScramCredential? Find(string user) => _users.GetValueOrDefault(user);

    private static string? Add(Dictionary<string, ScramCredential> users, ReadOnlySpan<char> line)
    {
        // A user name may contain ':'; what follows the last scheme cannot contain it again.
        int colon = line.LastIndexOf(":" + ScramCredential.Scheme);
        if (colon < 0) return $"expected <user>:{ScramCredential.Scheme}<iterations>:<salt>$<StoredKey>:<ServerKey>";

        ReadOnlySpan<char> user = line[..colon];
        if (!SaslPrep.IsPrepared(user)) return "the user name must be printable ASCII, and not empty";
        if (!ScramCredential.TryParse(line[(colon + 1)..], out ScramCredential? credential, out string problem)) return problem;
        return users.TryAdd(user.ToString(), credential) ? null : $"the user '{user}' stands here twice";
    }

    /// <summary>The file is the secret: its decoys keep their salts for as long as it does not change.</summary>
    private static ScramDecoys MakeDecoys(Dictionary<string, ScramCredential>.ValueCollection users)
    {
        if (users.Count == 0) return new ScramDecoys(RandomNumberGenerator.GetBytes(ScramCredential.KeyBytes));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ScramCredential user in users) hash.AppendData(user.ServerKey);
        ((int Iterations, int SaltBytes) usual, _) = users.CountBy(user => (user.Iterations, user.Salt.Length)).MaxBy(pair => pair.Value);
        return new ScramDecoys(hash.GetHashAndReset(), usual.Iterations, usual.SaltBytes);
    }
}
