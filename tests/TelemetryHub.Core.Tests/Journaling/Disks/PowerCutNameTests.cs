using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>What becomes of names that were made, renamed and removed.</summary>
public sealed class PowerCutNameTests
{
    private readonly SimulatedDisk _disk = new();

    public PowerCutNameTests() => _disk.CreateDirectory("/d");

    [Fact]
    public void A_file_whose_name_was_not_synced_may_be_gone_though_its_content_was()
    {
        Make("a", "1");
        Seen().ShouldBe(["", "a=1"], ignoreOrder: true);
        _disk.SyncDirectory("/d");
        Seen().ShouldBe(["a=1"]);
    }

    [Fact]
    public void Names_that_were_not_synced_fare_alone_each()
    {
        Make("a", "1");
        Make("b", "2");
        _disk.SyncDirectory("/d");
        _disk.Delete("/d/a");
        _disk.Rename("/d/b", "/d/c");
        Make("d", "3");

        Seen().ShouldBe(
            ["a=1 b=2", "a=1 b=2 d=3", "a=1 c=2", "a=1 c=2 d=3", "b=2", "b=2 d=3", "c=2", "c=2 d=3"], ignoreOrder: true);
        _disk.SyncDirectory("/d");
        Seen().ShouldBe(["c=2 d=3"]);
    }

    [Fact]
    public void A_name_goes_through_its_changes_in_order()
    {
        Make("a", "1");
        _disk.Rename("/d/a", "/d/b");
        Make("a", "2");
        Seen().ShouldBe(["", "a=1", "b=1", "a=2 b=1"], ignoreOrder: true);
    }

    [Fact]
    public void A_file_that_is_replaced_by_another_is_one_or_the_other()
    {
        Make("a", "old");
        _disk.SyncDirectory("/d");
        Make("a.tmp", "new");
        _disk.Rename("/d/a.tmp", "/d/a");
        Seen().ShouldBe(["a=old", "a=old a.tmp=new", "a=new"], ignoreOrder: true);
        _disk.SyncDirectory("/d");
        Seen().ShouldBe(["a=new"]);
    }

    [Fact]
    public void A_sync_of_the_directory_that_failed_or_has_not_ended_leaves_names_in_doubt()
    {
        Make("a", "1");
        _disk.FailsSyncs = true;
        Should.Throw<IOException>(() => _disk.SyncDirectory("/d"));
        _disk.FailsSyncs = false;
        Make("b", "2");
        _disk.SyncDirectory("/d");
        Seen().ShouldBe(["b=2", "a=1 b=2"], ignoreOrder: true);
        Seen(_disk.Position - 1).ShouldBe(["", "a=1", "b=2", "a=1 b=2"], ignoreOrder: true);
    }

    [Fact]
    public void What_is_safe_under_a_name_proves_what_came_before_it()
    {
        Make("a", "1");
        _disk.SyncDirectory("/d");
        _disk.Rename("/d/a", "/d/b");
        _disk.FailsSyncs = true;
        Should.Throw<IOException>(() => _disk.SyncDirectory("/d"));
        _disk.FailsSyncs = false;
        Make("a", "2");
        _disk.SyncDirectory("/d");
        Seen().ShouldBe(["a=2 b=1"], "a new 'a' cannot be made where the old one stands");
    }

    private void Make(string name, string content)
    {
        using var file = _disk.Create("/d/" + name);
        file.Write(0, System.Text.Encoding.ASCII.GetBytes(content));
        file.Sync();
    }

    private HashSet<string> Seen(int? position = null) =>
        [.. Enumerable.Range(0, 200).Select(seed => Show(PowerCut.After(_disk, position ?? _disk.Position, seed)))];

    private static string Show(SimulatedDisk disk) =>
        string.Join(' ', disk.List("/d").Select(name =>
        {
            using var file = disk.Open("/d/" + name);
            var bytes = new byte[file.Length];
            file.Read(0, bytes);
            return $"{name}={System.Text.Encoding.ASCII.GetString(bytes)}";
        }));
}
