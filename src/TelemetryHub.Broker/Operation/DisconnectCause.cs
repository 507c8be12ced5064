namespace TelemetryHub.Broker.Operation;

/// <summary>Every way a client's connection ends: the word in the log line, the metric's tag, and what the tests check.</summary>
public enum DisconnectCause : byte
{
    /// <summary>It said DISCONNECT.</summary>
    Clean,

    /// <summary>It said DISCONNECT and asked for its will (0x04 or an error).</summary>
    WithWill,

    /// <summary>It closed without DISCONNECT.</summary>
    PeerClosed,

    /// <summary>The network or the peer reset the connection.</summary>
    Reset,

    /// <summary>Nothing came for one and a half times the keep-alive.</summary>
    KeepAliveTimeout,

    /// <summary>No CONNECT within the time allowed.</summary>
    ConnectTimeout,

    /// <summary>The same client id connected again.</summary>
    TakenOver,

    /// <summary>A packet that the specification calls malformed or a protocol error.</summary>
    ProtocolError,

    /// <summary>Credentials wrong, or not allowed to connect.</summary>
    Refused,

    /// <summary>More connections, or faster, than allowed.</summary>
    ConnectionLimit,

    /// <summary>The client id changes hands too often.</summary>
    Flapping,

    /// <summary>MQTT 3 has no other way to say that a publish was not taken.</summary>
    PublishRefused,

    /// <summary>What its session asked for found no room in memory while the disk failed.</summary>
    StateRefused,

    /// <summary>It took no byte for too long.</summary>
    Stalled,

    /// <summary>The hub stops.</summary>
    Shutdown,

    /// <summary>The transport below could not be understood.</summary>
    TransportFault,

    /// <summary>It did not take its last bytes in time.</summary>
    Aborted,
}
