using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Inspection;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary><c>journal dump</c>: the events, a line of JSON each, up to the last one at the time of the call.</summary>
internal sealed class JournalDump : ITool
{
    private const int BatchEvents = 256;

    // More than any batch of small events needs: the topics of what is shown, not of all that was ever.
    private const long TopicTableBytes = 16 << 20;

    public string Group => "journal";

    public string Verb => "dump";

    public string Description => "prints events, a line of JSON each, also while a hub is running";

    public string? Argument => null;

    public IReadOnlyList<ToolOption> Options { get; } =
    [
        new(DumpSelection.Topic, "FILTER", "only topics that match", Repeatable: true),
        new(DumpSelection.From, "PLACE", "begin there: a sequence, an id, a time (2026-01-31T12:00:00Z) or an age (10m)"),
        new(DumpSelection.To, "PLACE", "end before that"),
        new(DumpSelection.Limit, "COUNT", "at most so many"),
    ];

    public ExitCode Run(ToolCall call)
    {
        var view = new JournalView(new LocalDisk(), call.Data());
        var epoch = view.Folder.ReadEpoch();
        var selection = new DumpSelection(call, epoch);
        using var lines = new EventLines(call.OpenOutput(), epoch ?? "");
        var segments = view.Segments.Where(segment => selection.Touches(segment.Facts)).Select(segment => segment.Segment).ToList();
        var left = selection.MaxEvents;
        while (segments.Count > 0 && !TryDump(segments, selection, lines, ref left))
        {
            // Retention takes from the front.
            var dropped = segments.FindLastIndex(segment => !File.Exists(segment.Path));
            call.Error.WriteLine($"gap: the events up to {segments[dropped].NextSequence - 1} were dropped by retention meanwhile");
            segments.RemoveRange(0, dropped + 1);
        }

        lines.TryFlush();
        return ExitCode.Success; // also when nobody wants to read more
    }

    /// <summary>False when a segment was dropped while, or before, it was read.</summary>
    private static bool TryDump(List<Segment> segments, DumpSelection selection, EventLines lines, ref long left)
    {
        try
        {
            Dump(segments, selection, lines, ref left);
            return true;
        }
        catch (FileNotFoundException) when (segments.Exists(segment => !File.Exists(segment.Path)))
        {
            return false;
        }
    }

    private static void Dump(List<Segment> segments, DumpSelection selection, EventLines lines, ref long left)
    {
        var from = JournalStart.At(Math.Max(selection.FirstSequence, lines.LastSequence + 1));
        using var reader = new JournalReader(
            new SegmentList(segments), new TopicTable(TopicTableBytes), from, selection.Filters is [var only] ? only : null);
        var batch = new Event[BatchEvents];
        for (int count; (count = reader.Read(batch)) > 0;)
        {
            foreach (var @event in batch.AsSpan(0, count))
            {
                if (selection.IsPassed(@event))
                    return;
                if (!selection.Includes(@event))
                    continue;
                if (left-- == 0 || !lines.TryWrite(@event))
                    return;
            }
        }
    }
}
