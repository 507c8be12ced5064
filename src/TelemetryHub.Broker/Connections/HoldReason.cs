namespace TelemetryHub.Broker.Connections;

/// <summary>Why the hub does not read a client at the moment.</summary>
[Flags]
internal enum HoldReason
{
    None,

    /// <summary>It is decided whether it may come in.</summary>
    Deciding = 1,

    /// <summary>It sends faster than it may.</summary>
    Rate = 2,

    /// <summary>The log is full.</summary>
    Space = 4,

    /// <summary>It does not take the answers to what it asks.</summary>
    Unsent = 8,

    /// <summary>Too many answers wait until the log keeps what they are about.</summary>
    Unkept = 16,
}
