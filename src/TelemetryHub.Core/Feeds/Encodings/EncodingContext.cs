using TelemetryHub.Core.Feeds.Queries;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>What an encoding needs to know besides the event.</summary>
/// <param name="Epoch">The name of the log, for cursors.</param>
/// <param name="Fields">Which fields of the payload are written; null = all of it as it came.</param>
public sealed record EncodingContext(byte[] Epoch, FieldSelection? Fields);
