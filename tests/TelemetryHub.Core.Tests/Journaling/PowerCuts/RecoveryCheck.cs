using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>Holds what was found after a cut against the ledger.</summary>
/// <param name="ledger">What was promised.</param>
/// <param name="found">What was found.</param>
/// <param name="cut">After how many operations of the disk it was cut.</param>
/// <param name="survives">The moment from which on an entry had to survive this cut.</param>
/// <param name="oldest">What is below may have been dropped for its age or size.</param>
internal sealed class RecoveryCheck(Ledger ledger, RecoveredJournal found, int cut, Func<LedgerEntry, int> survives, long oldest)
{
    private readonly Dictionary<long, Event> _events = found.Events.ToDictionary(@event => @event.Sequence);
    private readonly HashSet<string> _records = [.. found.Image.Records];
    private readonly List<LedgerEntry> _appended = [.. ledger.Events.Where(entry => entry.Began <= cut)];

    public void Run()
    {
        if (ledger.Epoch.From <= cut)
            found.Epoch.ShouldBe(ledger.Epoch.Name, "the name of the log");
        Events();
        Records();
        foreach (var topic in _appended.Where(entry => entry.Event!.Retain).GroupBy(entry => entry.Event!.Topic.Name.ToString()))
            Retained(topic.Key, [.. topic]);
        foreach (var id in _appended.Where(entry => entry.Event!.Session != 0).GroupBy(entry => (entry.Event!.Session, entry.Event.PacketId)))
            PacketId(id.Key.Session, id.Key.PacketId, [.. id]);
        Routing();
    }

    private bool IsPromised(LedgerEntry entry) => survives(entry) <= cut;

    private bool IsFound(LedgerEntry entry) => _events.ContainsKey(entry.Event!.Sequence);

    private void Events()
    {
        found.Events.Zip(found.Events.Skip(1)).ShouldAllBe(pair => pair.First.Sequence < pair.Second.Sequence, "in order, once");
        var appended = _appended.ToDictionary(entry => entry.Event!.Sequence);
        foreach (var @event in found.Events)
        {
            appended.TryGetValue(@event.Sequence, out var entry).ShouldBeTrue($"event {@event.Sequence} is invented");
            RecoveredJournal.SameEvent(@event, entry!.Event!).ShouldBeTrue($"changed: {entry}");
            (@event.Session, @event.PacketId).ShouldBe((entry.Event!.Session, entry.Event.PacketId));
            entry.Lost.ShouldBeGreaterThan(cut, $"was lost and came back: {entry}");
        }
        var (first, last) = found.Events is [var front, .., var back] ? (front.Sequence, back.Sequence) : (long.MaxValue, 0);
        foreach (var entry in _appended.Where(entry => !IsFound(entry)))
        {
            var sequence = entry.Event!.Sequence;
            (IsPromised(entry) && sequence >= oldest).ShouldBeFalse($"was kept, and is missing: {entry}");
            (sequence > first && sequence < last && !entry.IsDoubtful && entry.Lost > cut).ShouldBeFalse($"is missing in the middle: {entry}");
            (entry.Appended <= cut && sequence >= found.Next).ShouldBeFalse($"its sequence will be given again: {entry}");
        }
    }

    // A crash takes the last ones, if any: there are no gaps.
    private void Records()
    {
        var appended = ledger.Records.Where(entry => entry.Began <= cut && entry.Lost > cut).ToList();
        found.Image.Records.ShouldBe(appended.Take(_records.Count).Select(entry => entry.Record), "the records of state");
        appended.FindLastIndex(IsPromised).ShouldBeLessThan(_records.Count, "kept records of state are missing");
    }

    // The newest one that is kept, or one that came later and was not promised to anybody.
    private void Retained(string topic, List<LedgerEntry> messages)
    {
        var allowed = messages[Math.Max(0, messages.FindLastIndex(entry => IsPromised(entry) || IsFound(entry)))..];
        var mayBeNone = allowed.Any(entry => entry.Event!.Payload.Length == 0) || !messages.Any(entry => IsPromised(entry) || IsFound(entry));
        var retained = found.State.Retained.SingleOrDefault(@event => @event.Topic.Name.ToString() == topic);
        if (retained is null)
            mayBeNone.ShouldBeTrue($"the retained message of {topic} is missing: {allowed[0]}");
        else
            allowed.ShouldContain(entry => RecoveredJournal.SameEvent(retained, entry.Event!), $"the retained message of {topic} is the old one of {retained.Sequence}");
    }

    private void PacketId(uint session, ushort packetId, List<LedgerEntry> events)
    {
        var last = events.FindLastIndex(entry => IsPromised(entry) || IsFound(entry));
        var allowed = events[Math.Max(0, last)..].Select(entry => entry.Release is not { } release || !_records.Contains(release.Record)).ToHashSet();
        if (last < 0)
            allowed.Add(false);
        allowed.ShouldContain(found.Image.IsTaken(session, packetId), $"packet id {packetId} of session {session}: {events[Math.Max(0, last)]}");
    }

    private void Routing()
    {
        var unrouted = found.State.Unrouted.Select(@event => @event.Sequence).ToHashSet();
        found.State.Unrouted.Select(@event => @event.Sequence).ShouldBeInOrder();
        var routed = ledger.Routed.Where(mark => mark.Moment <= cut).Select(mark => mark.Sequence).Append(0).Max();
        foreach (var entry in _appended.Where(IsFound))
        {
            var sequence = entry.Event!.Sequence;
            if (entry.Event!.QoS != Mqtt.QoS.AtMostOnce && !entry.Deliveries.Any(delivery => _records.Contains(delivery.Record)))
                unrouted.ShouldContain(sequence, $"is not handed over, and is not routed again: {entry}");
            if (sequence < routed)
                unrouted.ShouldNotContain(sequence, $"is routed again, though all below {routed} was: {entry}");
            unrouted.Remove(sequence);
        }
        unrouted.ShouldBeEmpty("what is to be routed is in the log");
    }
}
