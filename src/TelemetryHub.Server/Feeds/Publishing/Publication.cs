using TelemetryHub.Mqtt;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>What somebody wants to publish. Its bytes are copied when it is taken.</summary>
/// <param name="topic">The name as it came; it need not be one.</param>
/// <param name="payload">The payload.</param>
internal readonly ref struct Publication(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
{
    public ReadOnlySpan<byte> Topic { get; } = topic;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public QoS QoS { get; init; } = QoS.AtLeastOnce;

    public bool Retain { get; init; }
}
