using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling;

/// <summary>What stands behind the number that <see cref="ILog"/> calls a ticket: its place in the order of all appends, and what it waits for.</summary>
internal readonly record struct Ticket(long Number, TicketKind Kind)
{
    private const int KindBits = 2;

    /// <summary>Of a record that found no room: nobody waits for it.</summary>
    public static Ticket LostRecord => new(-1, TicketKind.State);

    public static Ticket From(long value) => new(value >> KindBits, (TicketKind)(value & 3));

    public long Value => (Number << KindBits) | (long)Kind;
}
