using System.Runtime.InteropServices;
using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Disks;

public sealed class LocalDiskTests : DiskContract, IDisposable
{
    private const int ENOSPC = 28;

    private readonly TemporaryFolder _folder = new();

    protected override IDisk Disk { get; } = new LocalDisk();

    protected override string Folder => _folder.Path;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_full_disk_is_told_with_its_number_and_the_path()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /dev/full.");
        using var file = Disk.Open("/dev/full", writable: true);
        var failure = Should.Throw<IOException>(() => file.Write(0, new byte[10]));
        failure.HResult.ShouldBe(ENOSPC);
        failure.Message.ShouldContain("/dev/full");
    }

    [Fact]
    public void Failures_of_our_own_system_calls_name_the_call_the_path_and_the_reason()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "They are made on Linux only.");
        var missing = Should.Throw<IOException>(() => Disk.SyncDirectory(PathOf("none")));
        missing.HResult.ShouldBe(2);
        missing.Message.ShouldBe($"open of '{PathOf("none")}' failed: {Marshal.GetPInvokeErrorMessage(2)}");

        using var file = Disk.Create(PathOf("one"));
        Should.Throw<IOException>(() => file.Allocate(long.MaxValue)).Message.ShouldStartWith($"fallocate of '{PathOf("one")}' failed: ");
        using var device = Disk.Open("/dev/full", writable: true);
        Should.Throw<IOException>(device.Sync).Message.ShouldStartWith("fdatasync of '/dev/full' failed: ");
    }

    [Fact]
    public void A_directory_in_place_of_a_file_is_an_io_failure()
    {
        Disk.CreateDirectory(PathOf("folder"));
        Should.Throw<IOException>(() => Disk.Open(PathOf("folder"), writable: true)).Message.ShouldContain(PathOf("folder"));
        Should.Throw<IOException>(() => Disk.Delete(PathOf("folder"))).Message.ShouldContain(PathOf("folder"));
    }

    [Fact]
    public void What_another_program_reads_meanwhile_can_be_written_renamed_and_deleted()
    {
        using var file = Disk.Create(PathOf("one"));
        file.Write(0, "abc"u8);
        File.ReadAllText(PathOf("one")).ShouldBe("abc");
        using var other = new FileStream(PathOf("one"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Write(3, "def"u8);
        file.Sync();
        Disk.Rename(PathOf("one"), PathOf("two"));
        Disk.Delete(PathOf("two"));
        new StreamReader(other).ReadToEnd().ShouldBe("abcdef");
    }

    [Fact]
    public void Allocated_space_is_taken_from_the_disk_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Allocation is a Linux call.");
        using var file = Disk.Create(PathOf("one"));
        file.Allocate(1 << 20);
        file.Length.ShouldBe(1 << 20);
        file.Sync();
    }
}
