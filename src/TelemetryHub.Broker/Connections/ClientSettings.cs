using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Connections;

/// <summary>What a client said of itself in CONNECT, and what that comes to.</summary>
internal sealed record ClientSettings(MqttVersion Version)
{
    /// <summary>Seconds between two packets at most, 0 = unlimited; what the hub decided, which the client was told.</summary>
    public ushort KeepAlive { get; init; }

    /// <summary>The largest packet it takes.</summary>
    public uint MaxPacketBytes { get; init; } = uint.MaxValue;

    /// <summary>How many unacknowledged deliveries it takes.</summary>
    public ushort ReceiveMaximum { get; init; } = ushort.MaxValue;

    /// <summary>How many topic aliases it takes.</summary>
    public ushort TopicAliasMaximum { get; init; }

    /// <summary>The method of enhanced authentication, if it named one.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>It is a broker that forwards: MQTT 3's upper bit of the protocol level.</summary>
    public bool IsBridge { get; init; }
}
