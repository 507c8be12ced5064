using System.Runtime.CompilerServices;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>Holds what was found after a cut against the ledger.</summary>
/// <param name="ledger">What was promised.</param>
/// <param name="found">What was found.</param>
/// <param name="cut">After how many operations of the disk it was cut.</param>
/// <param name="survives">The moment from which on an entry had to survive this cut.</param>
/// <param name="oldest">What is below may have been dropped for its age or size.</param>
internal sealed class RecoveryCheck(Ledger ledger, RecoveredJournal found, int cut, Func<LedgerEntry, int> survives, OldestKept oldest)
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
        Hold(found.Events.Zip(found.Events.Skip(1)).All(pair => pair.First.Sequence < pair.Second.Sequence), $"in order, once");
        var appended = _appended.ToDictionary(entry => entry.Event!.Sequence);
        foreach (var @event in found.Events)
        {
            Hold(appended.TryGetValue(@event.Sequence, out var entry), $"is invented: event {@event.Sequence}");
            Hold(RecoveredJournal.SameEvent(@event, entry!.Event!), $"is changed: {entry}");
            Hold((@event.Session, @event.PacketId) == (entry.Event!.Session, entry.Event.PacketId), $"is changed: {entry}");
            Hold(entry.Lost > cut, $"was lost and came back: {entry}");
        }
        var (first, last) = found.Events is [var front, .., var back] ? (front.Sequence, back.Sequence) : (long.MaxValue, 0);
        foreach (var entry in _appended.Where(entry => !IsFound(entry)))
        {
            var sequence = entry.Event!.Sequence;
            var isDropped = sequence < oldest.Sequence;
            Hold(!IsPromised(entry) || isDropped, $"was kept, and is missing: {entry}");
            Hold(sequence < first || sequence > last || entry.IsDoubtful || entry.Lost <= cut || (isDropped && oldest.MayReturn), $"is missing in the middle: {entry}");
        }
        foreach (var entry in _appended)
            Hold(entry.Appended > cut || entry.Event!.Sequence < found.Next, $"its sequence will be given again: {entry}");
    }

    // A crash takes the last ones, if any: there are no gaps.
    private void Records()
    {
        var appended = ledger.Records.Where(entry => entry.Began <= cut && entry.Lost > cut).ToList();
        Hold(found.Image.Records.SequenceEqual(appended.Take(_records.Count).Select(entry => entry.Record)), $"the records of state are others");
        var last = appended.FindLastIndex(IsPromised);
        Hold(last < _records.Count, $"was kept, and is missing: {(last < 0 ? null : appended[last])}");
    }

    // The newest one that is kept, or one that came later and was not promised to anybody.
    private void Retained(string topic, List<LedgerEntry> messages)
    {
        var allowed = messages[Math.Max(0, messages.FindLastIndex(entry => IsPromised(entry) || IsFound(entry)))..];
        var mayBeNone = allowed.Any(entry => entry.Event!.Payload.Length == 0) || !messages.Any(entry => IsPromised(entry) || IsFound(entry));
        var retained = found.State.Retained.SingleOrDefault(@event => @event.Topic.Name.ToString() == topic);
        if (retained is null)
            Hold(mayBeNone, $"the retained message of {topic} is missing: {allowed[0]}");
        else
            Hold(allowed.Exists(entry => RecoveredJournal.SameEvent(retained, entry.Event!)), $"the retained message of {topic} is the old one of {retained.Sequence}: {allowed[0]}");
    }

    private void PacketId(uint session, ushort packetId, List<LedgerEntry> events)
    {
        var last = events.FindLastIndex(entry => IsPromised(entry) || IsFound(entry));
        var allowed = events[Math.Max(0, last)..].Select(entry => entry.Release is not { } release || !_records.Contains(release.Record)).ToHashSet();
        if (last < 0)
            allowed.Add(false);
        Hold(allowed.Contains(found.Image.IsTaken(session, packetId)), $"packet id {packetId} of session {session} is wrong: {events[Math.Max(0, last)]}");
    }

    private void Routing()
    {
        var unrouted = found.State.Unrouted.Select(@event => @event.Sequence).ToHashSet();
        Hold(found.State.Unrouted.Zip(found.State.Unrouted.Skip(1)).All(pair => pair.First.Sequence < pair.Second.Sequence), $"is routed in order");
        var routed = ledger.Routed.Where(mark => mark.Moment <= cut).Select(mark => mark.Sequence).Append(0).Max();
        foreach (var entry in _appended.Where(IsFound))
        {
            var isOffered = unrouted.Remove(entry.Event!.Sequence);
            Hold(isOffered || entry.Event.QoS == QoS.AtMostOnce || entry.Deliveries.Exists(IsFoundRecord), $"is not handed over, and is not routed again: {entry}");
            Hold(!isOffered || entry.Event.Sequence >= routed, $"is routed again, though all below {routed} was: {entry}");
        }
        Hold(unrouted.Count == 0, $"what is to be routed is in the log");
    }

    private bool IsFoundRecord(LedgerEntry record) => _records.Contains(record.Record);

    // The words are made only when they are needed: this is asked a hundred times for each of thousands of cuts.
    private static void Hold(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] FailureMessage message)
    {
        if (!holds)
            Assert.Fail(message.ToString());
    }
}
