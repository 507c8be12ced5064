namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>What <see cref="PeerPulse"/> wants done.</summary>
internal enum PulseStep : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Ask the peer whether it is there.</summary>
    Ping,

    /// <summary>It is not.</summary>
    GiveUp,
}
