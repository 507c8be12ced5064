using System.Text;
using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Disks;

public sealed class PowerCutTests
{
    private const int Sector = 512, Seeds = 300;

    private readonly SimulatedDisk _disk = new();

    public PowerCutTests() => _disk.CreateDirectory("/d");

    [Fact]
    public void What_was_synced_is_there_exactly_whatever_came_after()
    {
        using var file = Made("/d/a", Filled(3 * Sector + 100, 1));
        file.Write(5_000, Filled(100, 2));
        Made("/d/b", []).Dispose();

        foreach (var left in Cuts())
            Content(left, "/d/a")!.AsSpan(0, 3 * Sector + 100).SequenceEqual(Filled(3 * Sector + 100, 1)).ShouldBeTrue();
    }

    [Fact]
    public void A_write_that_was_not_synced_is_there_or_not_or_torn_between_sectors()
    {
        using var file = Made("/d/a", Filled(4 * Sector, 1));
        file.Write(0, Filled(4 * Sector, 2));

        var seen = Cuts().Select(left => Pattern(Content(left, "/d/a")!)).ToHashSet();
        seen.Count.ShouldBe(16);
        seen.ShouldAllBe(pattern => pattern.Length == 4 && pattern.All(sector => sector == '1' || sector == '2'));
    }

    [Fact]
    public void Writes_that_were_not_synced_are_lost_independently_of_each_other_also_the_earlier_ones()
    {
        using var file = Made("/d/a", Filled(3 * Sector, 1));
        for (var i = 0; i < 3; i++)
            file.Write(i * Sector, Filled(Sector, 2));

        Cuts().Select(left => Pattern(Content(left, "/d/a")!)).ToHashSet().Count.ShouldBe(8);
    }

    [Fact]
    public void A_sector_is_written_as_it_stands_in_memory_so_that_later_bytes_bring_earlier_ones_along()
    {
        using var file = Made("/d/a", Filled(Sector, 1));
        file.Write(0, "a"u8);
        file.Write(1, "b"u8);

        var seen = Cuts().Select(left => Encoding.Latin1.GetString(Content(left, "/d/a")!, 0, 2)).ToHashSet();
        seen.ShouldBe(["\u0001\u0001", "a\u0001", "ab"], ignoreOrder: true);
    }

    [Fact]
    public void The_length_of_a_file_is_anywhere_between_and_what_is_missing_is_zero()
    {
        using var file = Made("/d/a", Filled(100, 1));
        file.Write(100, Filled(100, 2));
        file.Allocate(300);

        var seen = Cuts().Select(left => Content(left, "/d/a")!).ToList();
        seen.ShouldAllBe(content => content.Length >= 100 && content.Length <= 300);
        seen.ShouldContain(content => content.Length == 100);
        seen.ShouldContain(content => content.Length == 300 && content[150] == 2);
        seen.ShouldContain(content => content.Length > 200 && content[150] == 0);
        seen.ShouldContain(content => content.Length > 100 && content.Length < 200);
    }

    [Fact]
    public void A_file_that_was_cut_may_still_have_its_old_end()
    {
        using var file = Made("/d/a", Filled(1_000, 1));
        file.SetLength(10);
        var seen = Cuts().Select(left => Content(left, "/d/a")!.Length).ToHashSet();
        seen.ShouldContain(1_000);
        seen.ShouldContain(10);
        file.Sync();
        Cuts().ShouldAllBe(left => Content(left, "/d/a")!.Length == 10);
    }

    [Fact]
    public async Task What_was_written_while_a_sync_ran_is_not_covered_by_it()
    {
        using var file = Made("/d/a", Filled(Sector, 1));
        file.Write(0, Filled(Sector, 2));
        var hold = _disk.HoldSyncs();
        var sync = Task.Run(file.Sync, TestContext.Current.CancellationToken);
        await hold.Reached;
        Cuts().Select(left => Pattern(Content(left, "/d/a")!)).ToHashSet().Count.ShouldBe(2, "it has not ended");
        file.Write(0, Filled(Sector, 3));
        hold.Release();
        await sync;

        Cuts().Select(left => Pattern(Content(left, "/d/a")!)).ToHashSet().ShouldBe(["2", "3"], ignoreOrder: true);
    }

    [Fact]
    public void What_a_failed_sync_should_have_covered_is_in_doubt_for_ever()
    {
        using var file = Made("/d/a", Filled(2 * Sector, 1));
        file.Write(0, Filled(Sector, 2));
        _disk.FailsSyncs = true;
        Should.Throw<IOException>(file.Sync);
        _disk.FailsSyncs = false;
        file.Write(Sector, Filled(Sector, 2));
        file.Sync();

        Cuts().Select(left => Pattern(Content(left, "/d/a")!)).ToHashSet().ShouldBe(["12", "22"], ignoreOrder: true);
    }

    [Fact]
    public void The_same_seed_leaves_the_same_disk()
    {
        using var file = Made("/d/a", Filled(Sector, 1));
        for (var i = 0; i < 20; i++)
            file.Write(i * 700, Filled(700, (byte)i));
        for (var seed = 0; seed < 50; seed++)
            Content(PowerCut.After(_disk, _disk.Position, seed), "/d/a").ShouldBe(Content(PowerCut.After(_disk, _disk.Position, seed), "/d/a"));
    }

    [Fact]
    public void A_cut_in_the_past_knows_nothing_of_what_came_later()
    {
        using var file = Made("/d/a", Filled(10, 1));
        var then = _disk.Position;
        file.Write(0, Filled(10, 2));
        file.Sync();
        _disk.Delete("/d/a");
        _disk.SyncDirectory("/d");
        for (var seed = 0; seed < Seeds; seed++)
            Content(PowerCut.After(_disk, then, seed), "/d/a").ShouldBe(Filled(10, 1));
    }

    [Fact]
    public void After_a_kill_everything_written_is_there_but_a_power_cut_can_still_take_it()
    {
        using var file = Made("/d/a", Filled(Sector, 1));
        file.Write(0, Filled(Sector, 2));
        _disk.Rename("/d/a", "/d/b");
        var position = _disk.Position;
        file.Write(0, Filled(Sector, 3));

        var killed = PowerCut.Killed(_disk, position);
        Content(killed, "/d/b").ShouldBe(Filled(Sector, 2));
        killed.Position.ShouldBe(position);
        Cuts(killed).Select(left => left.List("/d").Single() + Pattern(Content(left, "/d/a") ?? Content(left, "/d/b")!)).ToHashSet()
            .ShouldBe(["a1", "a2", "b1", "b2"], ignoreOrder: true);
    }

    private IEnumerable<SimulatedDisk> Cuts(SimulatedDisk? disk = null) =>
        Enumerable.Range(0, Seeds).Select(seed => PowerCut.After(disk ?? _disk, (disk ?? _disk).Position, seed));

    private IDiskFile Made(string path, byte[] content)
    {
        var file = _disk.Create(path);
        file.Write(0, content);
        file.Sync();
        _disk.SyncDirectory("/d");
        return file;
    }

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    /// <summary>A digit per sector.</summary>
    private static string Pattern(byte[] content)
    {
        foreach (var sector in content.Chunk(Sector))
            sector.ShouldAllBe(value => value == sector[0], "a sector is never torn");
        return string.Concat(content.Chunk(Sector).Select(sector => (char)('0' + sector[0])));
    }

    private static byte[]? Content(SimulatedDisk disk, string path)
    {
        if (!disk.List(Path.GetDirectoryName(path)!).Contains(Path.GetFileName(path)))
            return null;
        using var file = disk.Open(path);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }
}
