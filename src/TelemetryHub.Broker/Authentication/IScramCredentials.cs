namespace TelemetryHub.Broker.Authentication;

/// <summary>Who may log in by SCRAM-SHA-256. Any thread.</summary>
public interface IScramCredentials
{
    /// <summary>What stands in for the users that do not exist.</summary>
    ScramDecoys Decoys { get; }

    /// <summary>Returns null for an unknown user.</summary>
    ScramCredential? Find(string user);
}
