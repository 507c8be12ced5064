using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling;

/// <summary>What a ticket waits for. The first three are the <see cref="AcknowledgeLevel"/>s.</summary>
internal enum TicketKind : byte
{
    /// <summary>Nothing: it stands in memory.</summary>
    Memory,

    /// <summary>An event that has been written.</summary>
    Flushed,

    /// <summary>An event that is on the disk.</summary>
    Synced,

    /// <summary>A record of state: kept at the default level, and refused only when it found no room in memory.</summary>
    State,
}
