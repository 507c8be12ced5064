using TelemetryHub.Core.Journaling.Copies;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Inspection;
using TelemetryHub.Core.Journaling.Snapshots;
using TelemetryHub.Server.Journaling;

namespace TelemetryHub.Server.Tests.Journaling.Copies;

/// <summary>What a running hub may do to its files between two steps of a copy.</summary>
public sealed class DirectoryCopyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0000000001.segment")]
    [InlineData("0000000003.segment")]
    [InlineData("0000000005.segment")]
    public async Task When_retention_takes_what_is_needed_the_copy_begins_again_with_the_next_snapshot(string moment)
    {
        await WriteEarlierAndLaterAsync();
        var interrupted = 0;
        var disk = new InterruptedDisk(path =>
        {
            if (Path.GetFileName(path) == moment && interrupted++ == 0)
                ReplaceByLater();
        });

        Copy(disk);

        interrupted.ShouldBePositive();
        var findings = Check();
        findings.Problems.ShouldBeEmpty();
        findings.Segments[^1].NextSequence.ShouldBeGreaterThan(601);
        await using var copy = OpenJournal.At(_folder["backup"]);
        copy.Recovered.Retained.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task History_that_goes_meanwhile_is_left_out_from_the_front_on()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        SnapshotFile.Write(new LocalDisk(), _folder["data/journal"], segment: 4, new LogState(StateParts.All));
        string[] needless = [_folder["data/journal/0000000001.segment"], _folder["data/journal/0000000002.segment"]];
        var disk = new InterruptedDisk(path =>
        {
            if (path == needless[^1])
                Array.ForEach(needless, File.Delete);
        });

        Copy(disk);

        Check().Problems.ShouldBeEmpty();
        Check().Segments.Select(segment => segment.Number).ShouldBe([3, 4]);
        Directory.GetFiles(_folder["backup/journal"], "*.index").Select(Path.GetFileNameWithoutExtension)
            .ShouldBeSubsetOf(Directory.GetFiles(_folder["backup/journal"], "*.segment").Select(Path.GetFileNameWithoutExtension));
    }

    [Fact]
    public async Task A_segment_that_grows_while_it_is_copied_is_copied_up_to_a_whole_frame()
    {
        await using var journal = OpenJournal.At(_folder["data"]);
        await journal.AppendAsync(50);
        var disk = new InterruptedDisk(path =>
        {
            if (path.StartsWith(_folder["data"], StringComparison.Ordinal) && path.EndsWith(".segment", StringComparison.Ordinal))
                journal.AppendAsync(30).GetAwaiter().GetResult();
        });

        Copy(disk);

        Check().Problems.ShouldBeEmpty();
        Check().Segments.ShouldHaveSingleItem().Events.ShouldBe(80);
    }

    [Fact]
    public async Task A_disk_that_is_too_slow_for_its_journal_is_told_and_nothing_is_left()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        var disk = new InterruptedDisk(path =>
        {
            if (path.EndsWith(".segment", StringComparison.Ordinal))
                throw new FileNotFoundException();
        });

        Should.Throw<IOException>(() => Copy(disk)).Message.ShouldBe("The journal drops its segments faster than they can be copied.");

        Directory.Exists(_folder["backup.tmp"]).ShouldBeFalse();
    }

    private void Copy(IDisk disk)
    {
        using var target = new TargetFolder(disk, _folder["backup"]);
        new DirectoryCopy(disk, _folder["data"], target).Run();
        target.Finish();
    }

    private JournalFindings Check() => new JournalCheck(new LocalDisk(), _folder["backup"], StateParts.All).Run();

    /// <summary>The same directory twice: without a snapshot and with all segments, and when retention has been at work.</summary>
    private async Task WriteEarlierAndLaterAsync()
    {
        await using (var journal = OpenJournal.At(_folder["data"]))
        {
            await journal.AppendAsync("kept", "for ever", retain: true);
            await journal.AppendAsync(600);
            TemporaryFolder.Copy(_folder["data"], _folder["later"]);
        }

        await using (var journal = OpenJournal.At(_folder["later"], maxBytes: 4 * OpenJournal.SegmentBytes))
            await journal.AppendAsync(1_000);
    }

    private void ReplaceByLater()
    {
        Directory.Delete(_folder["data/journal"], recursive: true);
        TemporaryFolder.Copy(_folder["later/journal"], _folder["data/journal"]);
    }
}
