namespace TelemetryHub.Server.Tests;

/// <summary>A folder of the real file system, gone with all its content at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Every file below a folder and what is in it, to see whether anything has changed.</summary>
    public static Dictionary<string, string> ContentOf(string folder) => Files(folder)
        .ToDictionary(file => Path.GetRelativePath(folder, file), file => Convert.ToHexString(File.ReadAllBytes(file)));

    /// <summary>What a disk would have after a crash of the program at this moment.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var file in Files(from))
        {
            if (file.EndsWith(".tmp", StringComparison.Ordinal))
                continue; // gets its name meanwhile

            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = File.Create(target);
            source.CopyTo(copy);
        }
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock");

    public void Dispose() => _folder.Delete(recursive: true);
}
