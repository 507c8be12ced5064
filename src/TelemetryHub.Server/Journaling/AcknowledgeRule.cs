using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Server.Journaling;

/// <summary>What an acknowledgement promises on some topics.</summary>
/// <param name="Filter">The topics.</param>
/// <param name="Level">The promise.</param>
public readonly record struct AcknowledgeRule(TopicFilter Filter, AcknowledgeLevel Level)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Filter}={Level.ToString().ToLowerInvariant()}";
}
