using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Journaling.Faults;

/// <summary>The disk gives back something else than what was written: a start does not refuse, does not guess, and tells.</summary>
public sealed class DamageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bit_that_flipped_in_the_middle_of_a_segment_costs_one_event(bool isLast)
    {
        await using var directory = await DamagedDirectory.MakeAsync(isKilled: true);
        var file = directory.Files(".segment")[isLast ? ^1 : 1];
        directory.Delete(Path.ChangeExtension(file, ".index"));
        var hit = directory.Written.First(@event => directory.Find(file, @event.Payload) > 1_000);
        directory.FlipBit(file, directory.Find(file, hit.Payload));

        var read = directory.Open();
        directory.Health.Quarantined.ShouldBe([Path.GetFileName(file) + ".damaged"]);
        directory.Test.Disk.List(Path.GetDirectoryName(file)!).ShouldContain(Path.GetFileName(file) + ".damaged");
        read.Gaps.Where(gap => gap.Reason != GapReason.Crashed).ShouldBe([new JournalGap(hit.Sequence, hit.Sequence + 1, GapReason.Damaged)]);
        directory.Records.Count.ShouldBe(121);

        // It is told once, and stays as it is.
        await directory.Test.StopAsync();
        directory.Open().Missing(GapReason.Damaged).ShouldBe(1);
        directory.Health.Quarantined.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bit_that_flipped_in_a_segment_with_an_index_is_found_by_whoever_reads_it()
    {
        await using var directory = await DamagedDirectory.MakeAsync();
        var file = directory.Files(".segment")[1];
        var hit = directory.Written.First(@event => directory.Find(file, @event.Payload) > 1_000);
        directory.FlipBit(file, directory.Find(file, hit.Payload));

        directory.Open().Gaps.ShouldBe([new JournalGap(hit.Sequence, hit.Sequence + 1, GapReason.Damaged)]);
        directory.Test.ReadBack(hit.Sequence).ShouldBe([null]);
    }

    [Fact]
    public async Task A_segment_that_is_gone_is_a_gap_of_its_size()
    {
        await using var directory = await DamagedDirectory.MakeAsync();
        var (file, before, behind) = (directory.Files(".segment")[1], directory.Files(".segment")[0], directory.Files(".segment")[2]);
        var first = directory.Written.First(@event => directory.Find(before, @event.Payload) < 0).Sequence;
        var next = directory.Written.First(@event => directory.Find(behind, @event.Payload) >= 0).Sequence;
        directory.Delete(file);
        directory.Delete(Path.ChangeExtension(file, ".index"));

        directory.Open().Gaps.ShouldBe([new JournalGap(first, next, GapReason.Damaged)]);
        directory.Records.Count.ShouldBe(121, "a snapshot has them");
    }

    [Fact]
    public async Task A_segment_whose_header_is_damaged_is_set_aside_as_a_whole()
    {
        await using var directory = await DamagedDirectory.MakeAsync();
        var file = directory.Files(".segment")[1];
        directory.FlipBit(file, 20);

        directory.Open().Gaps.Select(gap => gap.Reason).ShouldBe([GapReason.Damaged], "those behind it tell how the log ended");
        directory.Health.Quarantined.ShouldBe([Path.GetFileName(file) + ".damaged"]);
    }

    [Fact]
    public async Task Indexes_that_are_gone_or_damaged_are_made_again()
    {
        await using var directory = await DamagedDirectory.MakeAsync();
        var files = directory.Files(".index");
        directory.Delete(files[0]);
        directory.FlipBit(files[1], 10);
        directory.FlipBit(files[2], directory.Read(files[2]).Length - 5);
        directory.Overwrite(files[3], 0, new byte[directory.Read(files[3]).Length]);

        directory.Open().Gaps.ShouldBeEmpty();
        directory.Health.Quarantined.ShouldBeEmpty("nothing is lost");
        await directory.Test.StopAsync();
        directory.Files(".index").ShouldContain(files[0]);
    }

    [Fact]
    public async Task A_snapshot_that_is_damaged_is_told_and_the_one_before_it_serves()
    {
        await using var directory = await DamagedDirectory.MakeAsync();
        var newest = directory.Files(".snapshot")[^1];
        directory.FlipBit(newest, directory.Read(newest).Length / 2);

        directory.Open().Gaps.ShouldBeEmpty();
        directory.Records.Count.ShouldBe(121);
        directory.Test.Journal.Recovered!.Retained.Count.ShouldBe(7);
        directory.Health.Quarantined.ShouldBe([Path.GetFileName(newest) + ".damaged"]);
        directory.Files(".snapshot").ShouldNotContain(newest, "retention must not count on it");
    }

    [Fact]
    public async Task A_snapshot_that_is_damaged_costs_nothing_when_retention_has_dropped_segments_either()
    {
        await using var directory = await DamagedDirectory.MakeAsync(maxBytes: 40 << 10);
        directory.Files(".segment")[0].ShouldNotEndWith("0000000001.segment");
        var newest = directory.Files(".snapshot")[^1];
        directory.FlipBit(newest, directory.Read(newest).Length / 2);

        directory.Open().Gaps.ShouldAllBe(gap => gap.Reason == GapReason.Dropped);
        directory.Records.Count.ShouldBe(121);
        directory.Test.Journal.Recovered!.Retained.Count.ShouldBe(7);
    }

    [Fact]
    public async Task Without_any_snapshot_the_state_is_made_from_the_segments()
    {
        await using var directory = await DamagedDirectory.MakeAsync();
        foreach (var snapshot in directory.Files(".snapshot"))
            directory.Delete(snapshot);
        directory.Open();
        directory.Records.Count.ShouldBe(121);
    }

    [Fact]
    public async Task What_another_segment_left_behind_the_end_is_not_taken_for_its_own()
    {
        await using var directory = await DamagedDirectory.MakeAsync(isKilled: true);
        var segments = directory.Files(".segment");
        var (old, last) = (directory.Read(segments[0]), directory.Read(segments[^1]));
        var end = last.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        // All frames of the old one in the place where the next of this one would be: as on a file system that does not clear what it gives to a file.
        directory.Overwrite(segments[^1], end, old.AsSpan(64, Math.Min(old.Length, last.Length) - end));

        directory.Open().Gaps.ShouldAllBe(gap => gap.Reason == GapReason.Crashed);
        directory.Health.Quarantined.ShouldBeEmpty();
        directory.Records.Count.ShouldBe(121);
    }

    [Fact]
    public async Task Whatever_is_damaged_it_starts_changes_nothing_and_goes_on()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            await using var directory = await DamagedDirectory.MakeAsync(isKilled: random.Next(2) == 0);
            for (var damages = 1 + random.Next(3); damages > 0; damages--)
                Damage(directory, random);
            directory.Open();
            await directory.Test.KeptAsync(directory.Test.Append("t", "after"));
            directory.Test.Journal.Next.ShouldBeGreaterThan(directory.Written.Count + 1, $"seed {seed}");
            directory.Records.ShouldBeUnique();
        }
    }

    private static void Damage(DamagedDirectory directory, Random random)
    {
        var files = directory.Files("");
        var file = files[random.Next(files.Count)];
        var length = directory.Read(file).Length;
        if (length == 0 || random.Next(8) == 0)
            directory.Delete(file);
        else if (random.Next(3) == 0)
            directory.Overwrite(file, random.Next(length), new byte[random.Next(600)]);
        else
            directory.FlipBit(file, random.Next(length), random.Next(8));
    }
}
