using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Reading;

namespace TelemetryHub.Core.Tests.Journaling.Faults;

/// <summary>All that a reader gets of a journal: events, and what it is told to be missing.</summary>
internal sealed record LogReading(IReadOnlyList<Event> Events, IReadOnlyList<JournalGap> Gaps)
{
    public long Missing(GapReason reason) => Gaps.Where(gap => gap.Reason == reason).Sum(gap => gap.To - gap.From);

    public static LogReading Of(Journal journal, long from = 1)
    {
        List<Event> events = [];
        List<JournalGap> gaps = [];
        using var reader = journal.OpenReader(JournalStart.At(from));
        var batch = new Event[64];
        for (int count; (count = reader.Read(batch, out var gap)) > 0 || gap is not null;)
        {
            events.AddRange(batch.AsSpan(0, count));
            if (gap is { } missing)
                gaps.Add(missing);
        }
        return new LogReading(events, gaps);
    }
}
