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

    /// <summary>A record of state: never refused, kept at the default level.</summary>
    State,
}
