namespace TelemetryHub.Server.Configuration;

/// <summary>Something that a source says: a key, not yet known to exist, and a value, not yet read.</summary>
/// <param name="Key">Name with <c>:</c> between its parts.</param>
/// <param name="Value">The value's text.</param>
/// <param name="Source">Where it stands, for people: <c>telemetryhub.json:7</c>.</param>
public readonly record struct ConfigurationEntry(string Key, string Value, string Source);
