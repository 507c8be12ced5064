using System.Text;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Journaling;

/// <summary>What stands in the directory at a start is not what was left there: nothing is guessed, and nobody is left in the dark.</summary>
public sealed class MissingFilesTests
{
    private readonly List<string> _records = [];
    private long _next; // the sequence behind all that was given

    private async Task<TestJournal> FilledAsync()
    {
        var test = new TestJournal { Settings = new() { SegmentBytes = 1 << 20, MaxBytes = 4 << 20, MaxAge = TimeSpan.Zero } };
        test.Open();
        test.Append("kept", "through all", retain: true);
        for (var i = 0; i < 400; i++)
        {
            _records.Add($"record {i}");
            test.Journal.AppendState(StatePart.Sessions, Encoding.UTF8.GetBytes(_records[^1]));
            await test.KeptAsync(test.Append("filler", new string('x', 30_000)));
            test.Journal.Routed(test.Journal.Next);
        }
        // Until two snapshots cover what was dropped, nothing is; a start lets the keeper work through to the end.
        await test.RestartAsync();
        await test.KeptAsync(test.Append("last"));
        _next = test.Journal.Next;
        await test.StopAsync();
        return test;
    }

    private static string[] Files(TestJournal test, string suffix) =>
        [.. Directory.GetFiles(Path.Combine(test.Path, "journal"), "*" + suffix).Order(StringComparer.Ordinal)];

    private void ShouldHaveEverything(TestJournal test)
    {
        ((RecordList)test.Journal.Recovered!.Image(StatePart.Sessions)).Records.ShouldBe(_records);
        test.Journal.Recovered!.Retained.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_set_aside_and_the_one_before_gives_the_same_state()
    {
        await using var test = await FilledAsync();
        var newest = Files(test, ".snapshot")[^1];
        var bytes = File.ReadAllBytes(newest);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(newest, bytes);
        test.Open();

        ShouldHaveEverything(test);
        test.Journal.Health.Quarantined.ShouldBe([Path.GetFileName(newest) + ".damaged"]);
        test.Journal.Health.Losses.ShouldBeEmpty();
        File.ReadAllBytes(newest + ".damaged").ShouldBe(bytes);
        test.Journal.OldestKept.ShouldBeGreaterThan(1, "nothing was dropped: the snapshot was not needed");
    }

    [Fact]
    public async Task That_no_snapshot_is_left_is_told()
    {
        await using var test = await FilledAsync();
        foreach (var snapshot in Files(test, ".snapshot"))
            File.Delete(snapshot);
        test.Open();

        test.Journal.Health.Losses.ShouldHaveSingleItem().ShouldStartWith("a snapshot: sessions and retained messages");
    }

    [Fact]
    public async Task A_segment_that_ends_too_early_is_set_aside_once()
    {
        await using var test = await FilledAsync();
        var cut = Files(test, ".segment")[^3];
        using (var file = File.OpenWrite(cut))
            file.SetLength(file.Length / 2);
        test.Open();

        test.Journal.Health.Quarantined.ShouldBe([Path.GetFileName(cut) + ".damaged"]);
        await test.RestartAsync();
        test.Journal.Health.Quarantined.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_segment_that_is_gone_is_told(int fromTheEnd)
    {
        await using var test = await FilledAsync();
        var gone = Files(test, ".segment")[^fromTheEnd];
        File.Delete(gone);
        test.Open();

        test.Journal.Health.Losses.ShouldBe([$"{Path.GetFileName(gone)}, of which only the index is there"]);
        test.Journal.Health.Quarantined.ShouldBeEmpty();
        test.Journal.Next.ShouldBeGreaterThanOrEqualTo(_next, "no sequence is given twice");
    }

    [Fact]
    public async Task Nothing_is_missing_after_a_start_that_found_everything()
    {
        await using var test = await FilledAsync();
        test.Open();

        ShouldHaveEverything(test);
        test.Journal.Health.Losses.ShouldBeEmpty();
        test.Journal.Health.Quarantined.ShouldBeEmpty();
    }
}
