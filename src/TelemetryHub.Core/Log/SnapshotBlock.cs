namespace TelemetryHub.Core.Log;

/// <summary>Takes one block of a snapshot; the bytes are the caller's again afterwards.</summary>
public delegate void SnapshotBlock(ReadOnlySpan<byte> block);
