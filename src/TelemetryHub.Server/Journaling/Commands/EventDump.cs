using System.Globalization;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary>Reads events out of segments that retention may drop meanwhile, and writes those that are meant.</summary>
internal sealed class EventDump(List<Segment> segments, DumpSelection selection, EventLines lines, TextWriter error)
{
    private const int BatchEvents = 256;

    // The topics of what is shown, not of all that was ever.
    private const long TopicTableBytes = 16 << 20;

    private readonly TopicTable _topics = new(TopicTableBytes);
    private long _next = selection.FirstSequence;
    private long _left = selection.MaxEvents;

    /// <summary>Writes them all, or as many as somebody reads.</summary>
    public void Run()
    {
        while (segments.Count > 0)
        {
            try
            {
                Read();
                lines.TryFlush();
                return;
            }
            catch (FileNotFoundException dropped) when (Find(dropped) is var index and >= 0)
            {
                segments.RemoveRange(0, index + 1);
            }
        }
    }

    // Retention takes from the front, and of each segment its index first.
    private int Find(FileNotFoundException dropped) =>
        segments.FindLastIndex(segment => Path.ChangeExtension(segment.Path, null) == Path.ChangeExtension(dropped.FileName, null));

    private void Read()
    {
        var start = _next > 0 ? JournalStart.At(_next) : JournalStart.Oldest;
        using var reader = new JournalReader(new SegmentList(segments), _topics, start, selection.Filters is [var only] ? only : null);
        var batch = new Event[BatchEvents];
        while (true)
        {
            var count = reader.Read(batch, out var gap);
            if (gap is { } missing)
                Report(missing);
            else if (count == 0 || !TryWrite(batch.AsSpan(0, count)))
                return;

            _next = reader.Next;
        }
    }

    private bool TryWrite(ReadOnlySpan<Event> events)
    {
        foreach (var @event in events)
        {
            if (selection.IsPassed(@event))
                return false;
            if (selection.Includes(@event) && (_left-- == 0 || !lines.TryWrite(@event)))
                return false;
        }

        return true;
    }

    private void Report(JournalGap gap)
    {
        var what = gap.Reason switch
        {
            GapReason.Dropped => "were dropped by retention",
            GapReason.Damaged => "are lost by damage",
            GapReason.NotWritten => "were delivered and not kept: the disk had failed",
            _ => null, // numbers that were never used
        };
        if (what is not null)
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gap: events {gap.From} to {gap.To - 1} {what}"));
    }
}
