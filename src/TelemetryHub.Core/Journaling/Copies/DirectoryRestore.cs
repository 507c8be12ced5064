using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Copies;

/// <summary>
/// Puts a backup into an empty data directory. That becomes another log than the one that was saved: events that came after the backup had sequences that
/// the hub will give again, and a reader that has seen those must not resume behind them.
/// </summary>
internal static class DirectoryRestore
{
    private static readonly string[] Suffixes = [SegmentFiles.SegmentSuffix, SegmentFiles.IndexSuffix, SegmentFiles.SnapshotSuffix];

    /// <summary>Says why the restore would be refused, before anything is touched; null when it would not.</summary>
    public static string? Objection(string source, string data)
    {
        if (DirectoryLock.IsHeld(data, out var process))
            return $"'{Path.GetFullPath(data)}' is in use{By(process)}: stop that hub first.";
        if (DirectoryLock.IsHeld(source, out process))
            return $"'{Path.GetFullPath(source)}' is the directory of a running hub{By(process)}: make a backup of it, and restore that.";
        if (FirstEntry(data) is { } entry)
            return $"'{Path.GetFullPath(data)}' is not empty: there is '{entry}'. Move it away, or restore into another folder (Hub:Data).";

        return null;
    }

    /// <summary>Copies the journal; the epoch of the directory is a new one. Returns that.</summary>
    /// <exception cref="IOException">It cannot be read or written; the directory is in use.</exception>
    public static string Run(IDisk disk, string source, string data)
    {
        using var directory = new DataDirectory(disk, data);
        var unfinished = directory.JournalPath + SegmentFiles.UnfinishedSuffix;
        disk.CreateDirectory(unfinished);
        var journal = Path.Combine(source, "journal");
        foreach (var name in disk.List(journal).Where(name => Suffixes.Any(name.EndsWith)).Order(StringComparer.Ordinal))
            FileCopy.Copy(disk, Path.Combine(journal, name), Path.Combine(unfinished, name));

        // At once: a hub must not be able to start with a part of it.
        disk.SyncDirectory(unfinished);
        Directory.Delete(directory.JournalPath);
        Directory.Move(unfinished, directory.JournalPath);
        disk.SyncDirectory(directory.Path);
        return directory.Epoch;
    }

    private static string By(int? process) => process is { } id ? $" by process {id}" : "";

    // A lock that nobody holds is what is left of a hub; ext4 makes the other one in the root of every disk.
    private static string? FirstEntry(string data) => !Directory.Exists(data)
        ? null
        : Directory.EnumerateFileSystemEntries(data).Select(Path.GetFileName).FirstOrDefault(name => name is not ("lock" or "lost+found"));
}
