using System.Globalization;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>The names of the journal's files: ten digits and what it is.</summary>
internal static class SegmentFiles
{
    public const string SegmentSuffix = ".segment", IndexSuffix = ".index", SnapshotSuffix = ".snapshot", DamagedSuffix = ".damaged", UnfinishedSuffix = ".tmp";

    public static string Segment(string directory, long number) => Path.Combine(directory, Name(number, SegmentSuffix));

    public static string Index(string directory, long number) => Path.Combine(directory, Name(number, IndexSuffix));

    /// <summary>The index beside a segment.</summary>
    public static string IndexOf(string segmentPath) => Path.ChangeExtension(segmentPath, IndexSuffix);

    public static string Snapshot(string directory, long number) => Path.Combine(directory, Name(number, SnapshotSuffix));

    /// <summary>The numbers of the files of one kind, ascending.</summary>
    public static List<long> Numbers(IReadOnlyList<string> names, string suffix)
    {
        List<long> numbers = [];
        foreach (var name in names)
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal) && long.TryParse(name.AsSpan(0, name.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
        }
        numbers.Sort();
        return numbers;
    }

    private static string Name(long number, string suffix) => number.ToString("D10", CultureInfo.InvariantCulture) + suffix;
}
