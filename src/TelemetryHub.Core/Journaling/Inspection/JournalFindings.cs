namespace TelemetryHub.Core.Journaling.Inspection;

/// <summary>What a look at a journal found.</summary>
internal sealed class JournalFindings
{
    private readonly List<SegmentFacts> _segments = [];
    private readonly List<long> _snapshots = [];
    private readonly List<string> _problems = [];
    private readonly List<string> _notes = [];

    /// <summary>The name of the log; null when it cannot be read.</summary>
    public string? Epoch { get; set; }

    /// <summary>All segments, the oldest first.</summary>
    public IReadOnlyList<SegmentFacts> Segments => _segments;

    /// <summary>The segments before which a snapshot stands, ascending.</summary>
    public IReadOnlyList<long> Snapshots => _snapshots;

    /// <summary>What is wrong and where, a sentence each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>What is not as usual but no reason to worry, or has been dealt with.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public void Add(SegmentFacts segment) => _segments.Add(segment);

    public void AddSnapshot(long segment) => _snapshots.Add(segment);

    public void AddProblem(string file, string problem) => _problems.Add($"{file}: {problem}");

    public void AddNote(string file, string note) => _notes.Add($"{file}: {note}");
}
