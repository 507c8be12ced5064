using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>What every disk promises. Each implementation's test class derives from it.</summary>
public abstract partial class DiskContract
{
    /// <summary>The disk under test; the directory <see cref="Folder"/> is there and empty.</summary>
    protected abstract IDisk Disk { get; }

    protected abstract string Folder { get; }

    protected string PathOf(string name) => Path.Combine(Folder, name);

    [Fact]
    public void A_file_that_was_made_is_empty_and_listed_by_its_name()
    {
        using var file = Disk.Create(PathOf("one"));
        file.Length.ShouldBe(0);
        Disk.List(Folder).ShouldBe(["one"]);
    }

    [Fact]
    public void A_name_that_is_taken_cannot_be_made_again()
    {
        Write("one", "kept"u8);
        Should.Throw<IOException>(() => Disk.Create(PathOf("one"))).Message.ShouldContain(PathOf("one"));
        Content("one").ShouldBe("kept"u8.ToArray());
    }

    [Fact]
    public void A_file_that_is_not_there_is_not_found() =>
        Should.Throw<FileNotFoundException>(() => Disk.Open(PathOf("none"))).Message.ShouldContain(PathOf("none"));

    [Fact]
    public void Nothing_can_be_made_or_listed_in_a_directory_that_is_not_there()
    {
        Should.Throw<IOException>(() => Disk.Create(PathOf("none/one"))).Message.ShouldContain(PathOf("none"));
        Should.Throw<IOException>(() => Disk.List(PathOf("none"))).Message.ShouldContain(PathOf("none"));
    }

    [Fact]
    public void A_directory_is_made_with_those_above_it_and_again_without_harm()
    {
        Disk.CreateDirectory(PathOf("a/b/c"));
        Write("a/b/c/one", "1"u8);
        Disk.CreateDirectory(PathOf("a/b/c"));
        Disk.List(PathOf("a/b/c")).ShouldBe(["one"]);
        Disk.List(PathOf("a")).ShouldBeEmpty("directories are no files");
    }

    [Fact]
    public void A_renamed_file_replaces_the_one_that_had_the_name()
    {
        Write("old", "old"u8);
        Write("new", "new"u8);
        Disk.Rename(PathOf("new"), PathOf("old"));
        Disk.SyncDirectory(Folder);
        Disk.List(Folder).ShouldBe(["old"]);
        Content("old").ShouldBe("new"u8.ToArray());
    }

    [Fact]
    public void A_file_that_is_not_there_cannot_be_renamed()
    {
        Write("old", "old"u8);
        Should.Throw<FileNotFoundException>(() => Disk.Rename(PathOf("none"), PathOf("old"))).Message.ShouldContain(PathOf("none"));
        Content("old").ShouldBe("old"u8.ToArray());
    }

    [Fact]
    public void A_deleted_file_is_gone_and_deleting_it_again_does_nothing()
    {
        Write("one", "1"u8);
        Disk.Delete(PathOf("one"));
        Disk.Delete(PathOf("one"));
        Disk.List(Folder).ShouldBeEmpty();
        using var again = Disk.Create(PathOf("one"));
        again.Length.ShouldBe(0);
    }

    [Fact]
    public void Who_has_a_file_open_goes_on_with_it_when_it_is_deleted_renamed_or_replaced()
    {
        var old = "old"u8.ToArray();
        Write("deleted", old);
        Write("renamed", old);
        Write("replaced", old);
        Write("new", "new"u8);
        using var deleted = Disk.Open(PathOf("deleted"));
        using var renamed = Disk.Open(PathOf("renamed"), writable: true);
        using var replaced = Disk.Open(PathOf("replaced"));

        Disk.Delete(PathOf("deleted"));
        Disk.Rename(PathOf("renamed"), PathOf("other"));
        Disk.Rename(PathOf("new"), PathOf("replaced"));

        ReadAll(deleted).ShouldBe(old);
        ReadAll(renamed).ShouldBe(old);
        ReadAll(replaced).ShouldBe(old);
        renamed.Write(3, "er"u8);
        Content("other").ShouldBe("older"u8.ToArray());
        Content("replaced").ShouldBe("new"u8.ToArray());
    }

    private void Write(string name, ReadOnlySpan<byte> bytes)
    {
        using var file = Disk.Create(PathOf(name));
        file.Write(0, bytes);
        file.Sync();
    }

    private byte[] Content(string name)
    {
        using var file = Disk.Open(PathOf(name));
        return ReadAll(file);
    }

    private static byte[] ReadAll(IDiskFile file)
    {
        var bytes = new byte[file.Length];
        file.Read(0, bytes).ShouldBe(bytes.Length);
        return bytes;
    }
}
