namespace TelemetryHub.Core.Log;

/// <summary>Whose state a record in the log belongs to. The numbers are on disk: never change or reuse one.</summary>
public enum StatePart : byte
{
    /// <summary>The broker's sessions: subscriptions, queues, packet ids, wills.</summary>
    Sessions = 1,
}
