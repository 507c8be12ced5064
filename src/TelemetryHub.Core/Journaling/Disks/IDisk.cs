namespace TelemetryHub.Core.Journaling.Disks;

/// <summary>
/// The file operations that the journal needs, and no others: the seam where a test delays them, fails them and cuts the power.
/// Failures are <see cref="IOException"/>. Paths are those of the operating system. Thread-safe.
/// </summary>
public interface IDisk
{
    /// <summary>Makes the directory and those above it, durably; nothing when it is there.</summary>
    void CreateDirectory(string path);

    /// <summary>The names (not paths) of the files in a directory, in no order.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Makes a file, empty, to be read and written; the name is durable only after <see cref="SyncDirectory"/>.</summary>
    /// <exception cref="IOException">There is one of this name.</exception>
    IDiskFile Create(string path);

    /// <summary>Opens a file that is there.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    IDiskFile Open(string path, bool writable = false);

    /// <summary>Renames within a directory, replacing what has the new name; durable only after <see cref="SyncDirectory"/>.</summary>
    void Rename(string path, string newPath);

    /// <summary>Removes a file; who has it open can go on reading. Nothing when it is not there.</summary>
    void Delete(string path);

    /// <summary>Makes the names in a directory durable: files made, renamed and removed.</summary>
    void SyncDirectory(string path);
}
