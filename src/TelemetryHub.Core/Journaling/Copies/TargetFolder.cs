using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling.Copies;

/// <summary>A folder that gets its name only once everything is in it. Until then it has another one beside it, which goes when that fails.</summary>
internal sealed class TargetFolder : IDisposable
{
    // What we put into such a folder ourselves, and nothing else, is removed without asking.
    private static readonly string[] OurFiles = ["epoch"];

    private static readonly string[] OurSuffixes =
        [SegmentFiles.SegmentSuffix, SegmentFiles.IndexSuffix, SegmentFiles.SnapshotSuffix, SegmentFiles.UnfinishedSuffix];

    private readonly IDisk _disk;
    private readonly string _target;
    private bool _isFinished;

    /// <summary>Makes the unfinished folder.</summary>
    /// <exception cref="IOException">The target is there and not empty, or it cannot be made.</exception>
    public TargetFolder(IDisk disk, string target)
    {
        (_disk, _target) = (disk, System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target)));
        if (File.Exists(_target) || (Directory.Exists(_target) && Directory.EnumerateFileSystemEntries(_target).Any()))
            throw new IOException($"'{_target}' is there already, and not empty.");

        Path = _target + SegmentFiles.UnfinishedSuffix;
        JournalPath = System.IO.Path.Combine(Path, "journal");
        RemoveUnfinished();
        disk.CreateDirectory(JournalPath);
    }

    /// <summary>The unfinished folder.</summary>
    public string Path { get; }

    /// <summary>The folder for the journal's files in it.</summary>
    public string JournalPath { get; }

    /// <summary>Takes out again what has been put into the journal's folder.</summary>
    public void Clear()
    {
        foreach (var name in _disk.List(JournalPath))
            _disk.Delete(System.IO.Path.Combine(JournalPath, name));
    }

    /// <summary>Everything is in it and synced: makes that durable and gives it its name.</summary>
    public void Finish()
    {
        _disk.SyncDirectory(JournalPath);
        _disk.SyncDirectory(Path);
        if (Directory.Exists(_target))
            Directory.Delete(_target); // empty, or it fails

        Directory.Move(Path, _target);
        _disk.SyncDirectory(System.IO.Path.GetDirectoryName(_target)!);
        _isFinished = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isFinished)
            return;

        try
        {
            RemoveUnfinished();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Why it is not finished is told; the next try removes it.
        }
    }

    private void RemoveUnfinished()
    {
        if (!Directory.Exists(Path))
            return;

        var strange = Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
            .FirstOrDefault(file => !OurFiles.Contains(System.IO.Path.GetFileName(file)) && !OurSuffixes.Any(file.EndsWith));
        if (strange is not null)
            throw new IOException($"'{Path}' would be in the way, and '{strange}' is not of a backup that was interrupted.");

        Directory.Delete(Path, recursive: true);
    }
}
