namespace TelemetryHub.Core.Log;

/// <summary>What became of an append.</summary>
public enum AppendResult : byte
{
    /// <summary>The event is in the log, in order.</summary>
    Appended,

    /// <summary>
    /// What was appended before has not been routed or written yet. Stop reading the publisher and try again when
    /// <see cref="ILogWaiter.OnSpace"/> is called.
    /// </summary>
    Full,

    /// <summary>
    /// The log takes nothing durable now (disk full or failing). The publisher must be told; trying again later is up to it.
    /// </summary>
    Refused,
}
