namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>Bytes of a segment that are not frames where frames had been.</summary>
internal readonly record struct DamagedStretch(int Offset, int Bytes);
