using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Disks;

public sealed class SimulatedDiskTests : DiskContract
{
    private readonly SimulatedDisk _disk = new();

    public SimulatedDiskTests() => _disk.CreateDirectory("/disk");

    protected override IDisk Disk => _disk;

    protected override string Folder => "/disk";

    [Fact]
    public void Everything_that_is_done_is_remembered_in_order()
    {
        var start = _disk.Position;
        using (var file = _disk.Create("/disk/a"))
        {
            file.Allocate(100);
            file.Write(10, "abc"u8);
            file.Sync();
            file.SetLength(13);
            _disk.OpenFiles.ShouldBe(["/disk/a"]);
        }
        _disk.Rename("/disk/a", "/disk/b");
        _disk.SyncDirectory("/disk");
        _disk.Delete("/disk/b");

        _disk.OpenFiles.ShouldBeEmpty();
        _disk.Operations(_disk.Position).Skip(start).Select(operation => operation.ToString()).ShouldBe(
        [
            "Create /disk/a", "Allocate 100 of /disk/a", "write 3 at 10 of /disk/a", "SyncBegun /disk/a", "Synced /disk/a",
            "SetLength 13 of /disk/a", "rename /disk/a to /disk/b", "SyncBegun /disk", "Synced /disk", "Delete /disk/b",
        ]);
    }

    [Fact]
    public void A_full_disk_takes_what_fits_until_something_is_deleted()
    {
        using var old = _disk.Create("/disk/old");
        old.Write(0, new byte[100]);
        using var file = _disk.Create("/disk/new");
        _disk.FreeBytes = 10;

        file.Write(0, new byte[8]);
        Should.Throw<IOException>(() => file.Write(8, new byte[8])).HResult.ShouldBe(SimulatedDisk.ENOSPC);
        file.Length.ShouldBe(10);
        Should.Throw<IOException>(() => file.Allocate(20)).HResult.ShouldBe(SimulatedDisk.ENOSPC);
        file.Write(0, new byte[10]);

        _disk.Delete("/disk/old");
        _disk.FreeBytes.ShouldBe(100);
        file.Allocate(50);
        _disk.FreeBytes.ShouldBe(60);
        file.Write(20, new byte[30]);
        _disk.FreeBytes.ShouldBe(60, "it was reserved before");
        file.SetLength(5);
        _disk.FreeBytes.ShouldBe(105);
    }

    [Fact]
    public void A_disk_that_turned_read_only_refuses_every_change_and_can_be_read()
    {
        using var file = _disk.Create("/disk/a");
        file.Write(0, "abc"u8);
        _disk.IsReadOnly = true;
        foreach (var change in new Action[]
        {
            () => file.Write(0, "x"u8), () => file.SetLength(0), () => file.Allocate(10),
            () => _disk.Create("/disk/b"), () => _disk.Open("/disk/a", writable: true), () => _disk.CreateDirectory("/disk/c"),
            () => _disk.Delete("/disk/a"), () => _disk.Rename("/disk/a", "/disk/b"),
        })
            Should.Throw<IOException>(change).HResult.ShouldBe(SimulatedDisk.EROFS);
        var into = new byte[3];
        _disk.Open("/disk/a").Read(0, into);
        into.ShouldBe("abc"u8.ToArray());
    }

    [Fact]
    public void Syncs_fail_on_request()
    {
        using var file = _disk.Create("/disk/a");
        _disk.FailsSyncs = true;
        Should.Throw<IOException>(file.Sync).HResult.ShouldBe(SimulatedDisk.EIO);
        Should.Throw<IOException>(() => _disk.SyncDirectory("/disk")).HResult.ShouldBe(SimulatedDisk.EIO);
        _disk.FailsSyncs = false;
        file.Sync();
    }

    [Fact]
    public async Task A_sync_is_held_until_it_is_released()
    {
        using var file = _disk.Create("/disk/a");
        var hold = _disk.HoldSyncs();
        var sync = Task.Run(file.Sync, TestContext.Current.CancellationToken);
        await hold.Reached;
        _disk.Operations(_disk.Position)[^1].Kind.ShouldBe(DiskOperationKind.SyncBegun);
        file.Write(0, "beside it"u8);
        sync.IsCompleted.ShouldBeFalse();
        hold.Release();
        await sync;
        _disk.Operations(_disk.Position)[^1].Kind.ShouldBe(DiskOperationKind.Synced);
    }

    [Fact]
    public async Task After_a_kill_the_old_process_can_do_nothing_and_the_new_one_finds_all_that_was_written()
    {
        var file = _disk.Create("/disk/a");
        file.Write(0, "abc"u8);
        var hold = _disk.HoldSyncs();
        var sync = Task.Run(file.Sync, TestContext.Current.CancellationToken);
        await hold.Reached;

        var restarted = _disk.Restart();
        hold.Release();
        await Should.ThrowAsync<IOException>(sync);
        Should.Throw<IOException>(() => file.Write(3, "def"u8));
        Should.Throw<IOException>(() => _disk.List("/disk"));

        restarted.Position.ShouldBe(_disk.Position);
        using var again = restarted.Open("/disk/a");
        again.Length.ShouldBe(3);
        restarted.OpenFiles.ShouldBe(["/disk/a"], "what the dead process had open is closed");
    }
}
