using System.Security.Cryptography;
using System.Text;
using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// The directory that holds everything the hub keeps. It belongs to this process as long as the object lives, and its epoch, made once, names
/// the log in it: a cursor of another epoch is a cursor of another log.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const int EpochLength = 12; // 62 bits: two hubs never draw the same
    private const string EpochAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

    private readonly DirectoryLock _lock;

    /// <summary>Opens the directory, or makes it.</summary>
    /// <param name="disk">Where it is. The lock alone is taken from the operating system.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="DataDirectoryInUseException">Another process, or another object in this one, has it.</exception>
    /// <exception cref="InvalidDataException">Its epoch is missing or damaged.</exception>
    /// <exception cref="IOException">It cannot be made, read or written.</exception>
    public DataDirectory(IDisk disk, string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        JournalPath = System.IO.Path.Combine(Path, "journal");
        disk.CreateDirectory(Path);
        _lock = new DirectoryLock(Path);
        try
        {
            disk.CreateDirectory(JournalPath);
            Epoch = ReadEpoch(disk) ?? MakeEpoch(disk);
            // Also when it was found: whoever made it may have been killed before it was durable, and a journal without it is of no use.
            disk.SyncDirectory(Path);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>Where the journal's files are; the directory is there.</summary>
    public string JournalPath { get; }

    /// <summary>The name of the log: 12 characters of 0-9 and a-z, the same as long as the directory lives.</summary>
    public string Epoch { get; }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    /// <summary>Whether the text can be an epoch.</summary>
    internal static bool IsEpoch(string text) => text.Length == EpochLength && text.All(EpochAlphabet.Contains);

    private string EpochPath => System.IO.Path.Combine(Path, "epoch");

    private string? ReadEpoch(IDisk disk)
    {
        Span<byte> bytes = stackalloc byte[EpochLength + 3]; // a line end, and one more that shows that it is too long
        int length;
        try
        {
            using var file = disk.Open(EpochPath);
            length = file.Read(0, bytes);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        var epoch = Encoding.Latin1.GetString(bytes[..length].TrimEnd("\r\n"u8));
        return IsEpoch(epoch) ? epoch : throw Unusable("is damaged");
    }

    private string MakeEpoch(IDisk disk)
    {
        // The epoch is on the disk before the first file of a journal is made: here it was removed, or the directory was copied in part.
        if (disk.List(JournalPath).Count > 0)
            throw Unusable("is missing, but there is a journal");
        var epoch = RandomNumberGenerator.GetString(EpochAlphabet, EpochLength);
        var unfinished = EpochPath + ".tmp";
        disk.Delete(unfinished);
        using (var file = disk.Create(unfinished))
        {
            file.Write(0, Encoding.ASCII.GetBytes(epoch + "\n"));
            file.Sync();
        }
        disk.Rename(unfinished, EpochPath);
        return epoch;
    }

    // A new epoch would make every reader believe that this is another log, and hide that something is wrong with the disk.
    private InvalidDataException Unusable(string problem) => new(
        $"The file '{EpochPath}', which names the log, {problem}. Put it back from a backup ({EpochLength} characters of 0-9 and a-z), "
        + "or move the whole directory away to begin a new log.");
}
