namespace TelemetryHub.Mqtt.Topics;

/// <summary>A node of a topic or filter tree, found by the name of its level.</summary>
internal interface ILevelNode
{
    byte[] Level { get; }
}
