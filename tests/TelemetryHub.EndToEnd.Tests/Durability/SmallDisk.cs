using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>A file system of its own, in memory, that is soon full. Skips the test where mounting is not allowed.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryDirectory directory;

    private SmallDisk(TemporaryDirectory directory) => this.directory = directory;

    public string this[string name] => directory[Path.Combine("disk", name)];

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var directory = new TemporaryDirectory();
        var point = Directory.CreateDirectory(directory["disk"]).FullName;
        var result = await RunningProgram.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", point]);
        if (result.ExitCode == 0) return new SmallDisk(directory);

        directory.Dispose();
        Assert.Skip($"Mounting a tmpfs is not allowed here: {string.Join(' ', result.Errors)}");
        throw new InvalidOperationException("Not reached: the test is skipped.");
    }

    /// <summary>Writes a file of this size, which takes the space from the hub until it is deleted.</summary>
    public async Task<string> FillAsync(int megabytes)
    {
        var path = this["filler"];
        await File.WriteAllBytesAsync(path, new byte[megabytes << 20]);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        (await RunningProgram.RunAsync("umount", [directory["disk"]])).ShouldSucceed();
        directory.Dispose();
    }
}
