using System.Globalization;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Inspection;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary>What the tools tell of a journal, for people or, with <c>--json</c>, for programs.</summary>
internal sealed class JournalReport
{
    public static readonly ToolOption JsonOption = new("--json", null, "tells it as JSON, for programs");

    /// <summary>The data directory.</summary>
    public required string Data { get; init; }

    /// <summary>The name of the log; null when there is none.</summary>
    public required string? Epoch { get; init; }

    /// <summary>All segments, the oldest first.</summary>
    public required IReadOnlyList<SegmentFacts> Segments { get; init; }

    /// <summary>The segments before which a snapshot stands.</summary>
    public required IReadOnlyList<long> Snapshots { get; init; }

    /// <summary>What is wrong; null when nobody has looked for it.</summary>
    public IReadOnlyList<string>? Problems { get; init; }

    /// <summary>What is worth knowing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How many events there are.</summary>
    public long Events => Segments.Sum(segment => segment.Events);

    /// <summary>How many bytes the segments take.</summary>
    public long Bytes => Segments.Sum(segment => segment.Bytes);

    /// <summary>The sequence behind the last event.</summary>
    public long NextSequence => Segments.Select(segment => segment.NextSequence).LastOrDefault();

    /// <summary>What a check found.</summary>
    public static JournalReport Of(string data, JournalFindings findings) => new()
    {
        Data = data,
        Epoch = findings.Epoch,
        Segments = findings.Segments,
        Snapshots = findings.Snapshots,
        Problems = findings.Problems,
        Notes = findings.Notes,
    };

    /// <summary>Writes it as the call asks for.</summary>
    public void Write(ToolCall call)
    {
        if (call.Has(JsonOption.Name))
            JournalReportJson.Write(this, call.Output);
        else
            WriteText(call.Output);
    }

    /// <summary>One line: what there is in all.</summary>
    public string Totals() => Line(
        $"{Segments.Count} segments, {Events} events, {Size(Bytes)}; snapshots: {(Snapshots.Count == 0 ? "none" : string.Join(", ", Snapshots.Select(number => $"before {number}")))}");

    /// <summary>What is wrong and worth knowing, a line each.</summary>
    public void WriteFindings(TextWriter output)
    {
        foreach (var note in Notes)
            output.WriteLine($"note: {note}");
        foreach (var problem in Problems ?? [])
            output.WriteLine($"problem: {problem}");
    }

    private void WriteText(TextWriter output)
    {
        var held = DirectoryLock.IsHeld(Data, out var process);
        var use = !held ? "not in use" : process is { } id ? Line($"in use by process {id}") : "in use";
        output.WriteLine($"data    {Path.GetFullPath(Data)}, {use}");
        output.WriteLine($"epoch   {Epoch ?? "none"}");
        output.WriteLine($"total   {Totals()}");
        output.WriteLine();
        output.WriteLine("   segment  state           first sequence       last sequence      events       bytes  from                      to");
        foreach (var segment in Segments)
            output.WriteLine(Row(segment));

        if (Problems is null)
            return;

        output.WriteLine();
        WriteFindings(output);
        output.WriteLine(Problems.Count == 0 ? "No problem was found." : Line($"Problems found: {Problems.Count}."));
    }

    private static string Row(SegmentFacts segment)
    {
        var isEmpty = segment.NextSequence == segment.FirstSequence;
        var last = isEmpty ? "" : Line($"{segment.NextSequence - 1}");
        var (from, to) = segment.MinTime > segment.MaxTime ? ("", "") : (Time(segment.MinTime), Time(segment.MaxTime));
        return Line(
            $"{segment.Number,10}  {Word(segment.Kind),-8}  {segment.FirstSequence,20}{last,20}{segment.Events,12}{Size(segment.Bytes),12}  {from,-24}  {to,-24}").TrimEnd();
    }

    internal static string Word(SegmentKind kind) => kind.ToString().ToLowerInvariant();

    internal static string Time(long milliseconds) => Rfc3339.ToText(milliseconds);

    internal static string Size(long bytes) => bytes switch
    {
        < 10 << 10 => Line($"{bytes} B"),
        < 10 << 20 => Line($"{bytes >> 10} KiB"),
        < 10L << 30 => Line($"{bytes >> 20} MiB"),
        _ => Line($"{bytes >> 30} GiB"),
    };

    internal static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
