namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>A step of enhanced authentication, kept beyond its packet.</summary>
internal sealed record AuthStep(ReasonCode Reason, byte[] Data);
