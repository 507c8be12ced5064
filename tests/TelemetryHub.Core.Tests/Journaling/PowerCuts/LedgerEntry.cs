using System.Globalization;
using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>
/// One append, an event or a record of state, and what was said of it when. Moments are positions of the disk: at a cut after so many operations, what is
/// at or below has been.
/// </summary>
internal sealed class LedgerEntry
{
    public const int Never = int.MaxValue;

    /// <summary>Null for a record of state.</summary>
    public Event? Event { get; init; }

    /// <summary>A record's text; each begins with its number.</summary>
    public string Record { get; init; } = "";

    public long Ticket { get; init; }

    /// <summary>Before the append.</summary>
    public required int Began { get; init; }

    /// <summary>The append has returned: an event's sequence is taken.</summary>
    public required int Appended { get; init; }

    /// <summary>From here on it must survive the end of the process.</summary>
    public int Written { get; set; } = Never;

    /// <summary>From here on it must survive a power cut.</summary>
    public int Synced { get; set; } = Never;

    /// <summary>A start has not found it: it must not come back.</summary>
    public int Lost { get; set; } = Never;

    /// <summary>The disk failed before it was kept: it may be there or not.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>The records that say that the event has been handed over.</summary>
    public List<LedgerEntry> Deliveries { get; } = [];

    /// <summary>Of a QoS 2 event: the record that gives its packet id back.</summary>
    public LedgerEntry? Release { get; set; }

    /// <summary>It is told to be kept.</summary>
    public void Keep(int moment, bool isSynced)
    {
        Written = Math.Min(Written, moment);
        if (isSynced)
            Synced = Math.Min(Synced, moment);
    }

    /// <summary>A start has found it, or not.</summary>
    public void Found(bool isFound, int moment)
    {
        if (isFound)
            Keep(moment, isSynced: true);
        else
            Lost = Math.Min(Lost, moment);
    }

    /// <summary>A copy that knows nothing of what came after a cut; on a new disk what had been before has always been.</summary>
    public LedgerEntry At(int cut, bool isNewDisk)
    {
        return new LedgerEntry
        {
            Event = Event,
            Record = Record,
            IsDoubtful = IsDoubtful,
            Began = isNewDisk ? 0 : Began,
            Appended = Moment(Appended),
            Written = Moment(Written),
            Synced = Moment(Synced),
            Lost = Moment(Lost),
        };

        int Moment(int moment) => moment > cut ? Never : isNewDisk ? 0 : moment;
    }

    public override string ToString() => Event is { } @event
        ? $"event {@event.Sequence} ({@event.Topic.Name}, QoS {(int)@event.QoS}, {Moments()}{(IsDoubtful ? ", doubtful" : "")})"
        : $"record '{Record}' ({Moments()})";

    private string Moments() => $"appended at {At(Appended)}, written at {At(Written)}, synced at {At(Synced)}, lost at {At(Lost)}";

    private static string At(int moment) => moment == Never ? "-" : moment.ToString(CultureInfo.InvariantCulture);
}
