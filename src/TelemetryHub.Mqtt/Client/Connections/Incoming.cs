using TelemetryHub.Mqtt.Client.Sessions;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>What is left to do about a packet after it was looked at: most often nothing.</summary>
internal readonly struct Incoming
{
    /// <summary>A message to hand over.</summary>
    public ReceivedMessage? Message { get; init; }

    /// <summary>The packet ends the connection.</summary>
    public ConnectionEnd? End { get; init; }

    /// <summary>The server's AUTH.</summary>
    public AuthStep? Auth { get; init; }
}
