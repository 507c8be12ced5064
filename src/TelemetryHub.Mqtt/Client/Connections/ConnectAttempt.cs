namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>What differs from one CONNECT of a client to the next.</summary>
internal readonly record struct ConnectAttempt(string ClientId, bool CleanStart);
