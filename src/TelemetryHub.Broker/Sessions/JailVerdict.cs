namespace TelemetryHub.Broker.Sessions;

/// <summary>What becomes of somebody who asks for a session that another has.</summary>
internal enum JailVerdict : byte
{
    /// <summary>It gets it.</summary>
    Free,

    /// <summary>It does not, like others before.</summary>
    Jailed,

    /// <summary>It does not, and is the first: this is to be told.</summary>
    JailedNow,
}
