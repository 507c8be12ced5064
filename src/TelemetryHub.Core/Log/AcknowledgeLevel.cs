namespace TelemetryHub.Core.Log;

/// <summary>What has to be true of an event before its publisher gets the acknowledgement. Ordered: the later includes the earlier.</summary>
public enum AcknowledgeLevel : byte
{
    /// <summary>It stands in the log in memory.</summary>
    Memory,

    /// <summary>The operating system has it: it survives the end of the process.</summary>
    Flushed,

    /// <summary>The disk has it: it survives a power loss.</summary>
    Synced,
}
