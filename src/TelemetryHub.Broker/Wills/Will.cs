using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Wills;

/// <summary>What a client wants said when it goes without saying goodbye.</summary>
internal sealed class Will
{
    public required Topic Topic { get; init; }

    public required byte[] Payload { get; init; }

    public required Principal Publisher { get; init; }

    public byte[]? Properties { get; init; }

    public QoS QoS { get; init; }

    public bool Retain { get; init; }

    /// <summary>How long to wait for the client to come back.</summary>
    public uint DelaySeconds { get; init; }

    /// <summary>Null = never expires. Counted from when it is published.</summary>
    public uint? ExpirySeconds { get; init; }

    public Event ToEvent(long now) => new()
    {
        Topic = Topic,
        Payload = Payload,
        Publisher = Publisher,
        Properties = Properties,
        QoS = QoS,
        Retain = Retain,
        Time = now,
        ExpiresAt = ExpirySeconds is { } seconds ? now + (seconds * 1000L) : 0,
    };
}
