using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>Everything that a journal says when it has just been opened.</summary>
internal sealed record RecoveredJournal(string Epoch, long Next, IReadOnlyList<Event> Events, RecoveredState State)
{
    public NumberedImage Image => (NumberedImage)State.Image(StatePart.Sessions);

    public static RecoveredJournal Of(Journal journal)
    {
        var events = ReadAll(journal);
        var again = new Event?[events.Count];
        journal.ReadBack([.. events.Select(@event => @event.Sequence)], again);
        for (var i = 0; i < again.Length; i++)
            SameEvent(again[i].ShouldNotBeNull(), events[i]).ShouldBeTrue("reading back gives what reading gave");
        return new RecoveredJournal(journal.Epoch, journal.Next, events, journal.Recovered!);
    }

    public static bool SameEvent(Event one, Event other) =>
        one.Sequence == other.Sequence
        && one.Topic.Name == other.Topic.Name
        && one.Payload.AsSpan().SequenceEqual(other.Payload)
        && one.Properties is null == other.Properties is null
        && one.Properties.AsSpan().SequenceEqual(other.Properties)
        && one.Publisher == other.Publisher
        && (one.Time, one.ExpiresAt, one.QoS, one.Retain) == (other.Time, other.ExpiresAt, other.QoS, other.Retain);

    private static List<Event> ReadAll(Journal journal)
    {
        List<Event> events = [];
        using var reader = journal.OpenReader(JournalStart.At(0));
        var batch = new Event[64];
        for (int count; (count = reader.Read(batch)) > 0;)
            events.AddRange(batch.AsSpan(0, count));
        return events;
    }
}
