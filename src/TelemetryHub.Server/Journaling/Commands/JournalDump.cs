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
        new EventDump(Chosen(view.Segments, selection), selection, lines, call.Error).Run();
        return ExitCode.Success; // also when nobody wants to read more
    }

    /// <summary>The segments from the first to the last that can have events that are meant; none is left out between, so that a gap is a gap.</summary>
    private static List<Segment> Chosen(IReadOnlyList<(Segment Segment, SegmentFacts Facts)> segments, DumpSelection selection)
    {
        var touched = segments.Select(segment => selection.Touches(segment.Facts)).ToList();
        var (first, last) = (touched.IndexOf(true), touched.LastIndexOf(true));
        return first < 0 ? [] : [.. segments.Skip(first).Take(last - first + 1).Select(segment => segment.Segment)];
    }
}
