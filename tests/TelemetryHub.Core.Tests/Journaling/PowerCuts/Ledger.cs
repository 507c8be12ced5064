using System.Globalization;
using System.Text;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>What was appended to a journal and what was promised of it, in order.</summary>
internal sealed class Ledger
{
    private long _number;

    public List<LedgerEntry> Events { get; private init; } = [];

    public List<LedgerEntry> Records { get; private init; } = [];

    /// <summary>From this moment on nothing below this sequence need be routed again.</summary>
    public List<(int Moment, long Sequence)> Routed { get; private init; } = [];

    /// <summary>The name of the log, and since when it has it.</summary>
    public (string Name, int From) Epoch { get; set; } = ("", LedgerEntry.Never);

    /// <summary>Appends an event; null when that was refused.</summary>
    public LedgerEntry? TryAppend(ILog log, SimulatedDisk disk, Event @event)
    {
        var began = disk.Position;
        var result = log.TryAppend(@event, out var ticket);
        if (result == AppendResult.Refused)
            return null;
        result.ShouldBe(AppendResult.Appended);
        var entry = new LedgerEntry { Event = @event, Ticket = ticket, Began = began, Appended = disk.Position };
        Events.Add(entry);
        return entry;
    }

    public LedgerEntry AppendRecord(ILog log, SimulatedDisk disk, string text)
    {
        var began = disk.Position;
        var record = string.Create(CultureInfo.InvariantCulture, $"{++_number} {text}");
        var ticket = log.AppendState(StatePart.Sessions, Encoding.UTF8.GetBytes(record));
        var entry = new LedgerEntry { Record = record, Ticket = ticket, Began = began, Appended = disk.Position };
        Records.Add(entry);
        return entry;
    }

    /// <summary>Hands an event over, unless that is done; returns the record of it.</summary>
    public LedgerEntry? Deliver(ILog log, SimulatedDisk disk, long sequence)
    {
        var entry = Events.FindLast(entry => entry.Event!.Sequence == sequence)!;
        if (entry.Event!.QoS == QoS.AtMostOnce || entry.Deliveries.Any(delivery => delivery.Lost == LedgerEntry.Never))
            return null;
        var delivery = AppendRecord(log, disk, $"delivered {sequence}");
        entry.Deliveries.Add(delivery);
        return delivery;
    }

    /// <summary>
    /// A start has found this: the rest is lost, but for what is older than what is kept, and what is there now must not be lost any more.
    /// </summary>
    public void Found(RecoveredJournal found, int moment, long oldest)
    {
        var sequences = found.Events.Select(@event => @event.Sequence).ToHashSet();
        foreach (var entry in Events.Where(entry => entry.Event!.Sequence >= oldest))
            entry.Found(sequences.Contains(entry.Event!.Sequence), moment);
        var records = found.Image.Records.ToHashSet();
        foreach (var entry in Records)
            entry.Found(records.Contains(entry.Record), moment);
    }

    /// <summary>
    /// The ledger as it was at this moment. With <paramref name="isNewDisk"/> for what a power cut left then, as if that had always been so.
    /// </summary>
    public Ledger At(int cut, bool isNewDisk)
    {
        var copies = new Dictionary<LedgerEntry, LedgerEntry>();
        foreach (var record in Records.Where(record => record.Began <= cut))
            copies.Add(record, record.At(cut, isNewDisk));
        foreach (var entry in Events.Where(entry => entry.Began <= cut))
        {
            var copy = entry.At(cut, isNewDisk);
            copy.Deliveries.AddRange(entry.Deliveries.Where(copies.ContainsKey).Select(delivery => copies[delivery]));
            copy.Release = entry.Release is { } release ? copies.GetValueOrDefault(release) : null;
            copies.Add(entry, copy);
        }
        return new Ledger
        {
            _number = _number,
            Epoch = Epoch.From <= cut ? (Epoch.Name, isNewDisk ? 0 : Epoch.From) : ("", LedgerEntry.Never),
            Events = [.. copies.Values.Where(copy => copy.Event is not null)],
            Records = [.. copies.Values.Where(copy => copy.Event is null)],
            Routed = [.. Routed.Where(mark => mark.Moment <= cut).Select(mark => (isNewDisk ? 0 : mark.Moment, mark.Sequence))],
        };
    }
}
