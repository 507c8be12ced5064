using System.Text.Json;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Tests.Journaling.Commands;

public sealed class JournalBackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_running_hub_is_copied_as_it_is_at_that_moment()
    {
        await using var journal = OpenJournal.At(_folder["data"]);
        await journal.AppendAsync(400);

        var tool = Tool.Run(_folder["data"], "backup", _folder["backup"]).ShouldBeFine();

        tool.Lines[0].ShouldBe($"backup  {_folder["backup"]}");
        tool.Lines[1].ShouldBe($"epoch   {journal.Epoch}");
        tool.Lines[2].ShouldStartWith("total   4 segments, 400 events, ");
        Tool.Run(_folder["backup"], "verify").ShouldBeFine();
        Tool.Run(_folder["backup"], "dump").Output.ShouldBe(Tool.Run(_folder["data"], "dump").Output);
        new FileInfo(Directory.GetFiles(_folder["backup/journal"], "*.segment").Max()!).Length.ShouldBeLessThan(OpenJournal.SegmentBytes / 2);
    }

    [Fact]
    public async Task Whatever_is_acknowledged_before_is_in_it_however_busy_the_hub_is()
    {
        await using var journal = OpenJournal.At(_folder["data"], maxBytes: 1 << 20);
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < 60; i++)
                    await journal.AppendAsync(300);
            },
            TestContext.Current.CancellationToken);

        for (var round = 0; !writing.IsCompleted; round++)
        {
            var last = (await journal.AppendAsync("kept", $"{round}", retain: true)).Sequence;
            Tool.Run(_folder["data"], "backup", _folder[$"backup{round}"]).ShouldBeFine();

            Tool.Run(_folder[$"backup{round}"], "info", "--json").Json.GetProperty("nextSequence").GetInt64().ShouldBeGreaterThan(last);
            await using var copy = OpenJournal.At(_folder[$"backup{round}"]);
            copy.Recovered.Retained.Count(message => message.Topic.Name.ToString() == "kept").ShouldBe(1);
        }

        await writing;
    }

    [Fact]
    public async Task A_target_that_is_not_empty_is_refused_and_left_alone()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        Directory.CreateDirectory(_folder["backup"]);
        File.WriteAllText(_folder["backup/diary"], "dear diary");

        var tool = Tool.Run(_folder["data"], "backup", _folder["backup"]);

        tool.ExitCode.ShouldBe(ExitCode.Failed);
        tool.Error.ShouldBe($"TelemetryHub journal backup: '{_folder["backup"]}' is there already, and not empty.{Environment.NewLine}");
        Directory.GetFileSystemEntries(_folder["backup"]).Length.ShouldBe(1);
        Directory.Exists(_folder["backup.tmp"]).ShouldBeFalse();
    }

    [Fact]
    public async Task An_empty_target_and_what_an_interrupted_backup_left_are_taken()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        Directory.CreateDirectory(_folder["backup"]);
        Directory.CreateDirectory(_folder["backup.tmp/journal"]);
        File.WriteAllText(_folder["backup.tmp/journal/0000000001.segment"], "half");

        Tool.Run(_folder["data"], "backup", _folder["backup"] + "/").ShouldBeFine();

        Directory.Exists(_folder["backup.tmp"]).ShouldBeFalse();
        Tool.Run(_folder["backup"], "verify").ShouldBeFine();
    }

    [Fact]
    public async Task A_folder_in_the_way_that_is_not_ours_is_not_removed()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        Directory.CreateDirectory(_folder["backup.tmp"]);
        File.WriteAllText(_folder["backup.tmp/diary"], "dear diary");

        Tool.Run(_folder["data"], "backup", _folder["backup"]).Error.ShouldContain("is not of a backup that was interrupted");

        File.Exists(_folder["backup.tmp/diary"]).ShouldBeTrue();
    }

    [Fact]
    public async Task Damage_is_copied_and_told()
    {
        await OpenJournal.WriteAsync(_folder["data"], batches: 40);
        var segment = _folder["data/journal/0000000002.segment"];
        var bytes = File.ReadAllBytes(segment);
        bytes[50_000]++;
        File.WriteAllBytes(segment, bytes);

        var tool = Tool.Run(_folder["data"], "backup", _folder["backup"]);

        tool.ExitCode.ShouldBe(ExitCode.Failed);
        tool.Error.ShouldContain("problem: 0000000002.segment: ");
        tool.Error.ShouldEndWith($"The journal has the problems told above, and so has its copy.{Environment.NewLine}");
        File.ReadAllBytes(_folder["backup/journal/0000000002.segment"]).ShouldBe(bytes);
    }

    [Fact]
    public void Where_there_is_nothing_to_copy_nothing_is_left()
    {
        Tool.Run(_folder["data"], "backup", _folder["backup"]).ExitCode.ShouldBe(ExitCode.Failed);

        Directory.Exists(_folder["backup"]).ShouldBeFalse();
        Directory.Exists(_folder["backup.tmp"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_restored_backup_is_the_same_hub_with_another_log()
    {
        string epoch;
        await using (var journal = OpenJournal.At(_folder["data"]))
        {
            epoch = journal.Epoch;
            await journal.AppendAsync("kept", "for ever", retain: true);
            await journal.AppendAsync(400);
            Tool.Run(_folder["data"], "backup", _folder["backup"]).ShouldBeFine();
            await journal.AppendAsync("lost", "came after the backup");
        }

        var before = TemporaryFolder.ContentOf(_folder["backup"]);
        var tool = Tool.Run(_folder["new"], "restore", _folder["backup"]).ShouldBeFine();

        tool.Lines[0].ShouldBe($"restored  {_folder["backup"]}");
        tool.Lines[2].ShouldStartWith("total     4 segments, 401 events, ");
        TemporaryFolder.ContentOf(_folder["backup"]).ShouldBe(before);
        Tool.Run(_folder["new"], "verify").ShouldBeFine();
        await using var restored = OpenJournal.At(_folder["new"]);
        restored.Epoch.ShouldNotBe(epoch);
        tool.Lines[3].ShouldStartWith($"epoch     {restored.Epoch}, was {epoch}: ");
        restored.Recovered.Retained.ShouldHaveSingleItem().Topic.Name.ToString().ShouldBe("kept");
        JsonDocument.Parse(Tool.Run(_folder["new"], "dump").Lines[^1]).RootElement.GetProperty("payload").GetString().ShouldStartWith("399 ");
    }

    [Fact]
    public async Task What_is_in_use_or_not_empty_is_not_written_over()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        Tool.Run(_folder["data"], "backup", _folder["backup"]).ShouldBeFine();

        Refusal("data").ShouldStartWith($"'{_folder["data"]}' is not empty: there is '");
        await using (OpenJournal.At(_folder["data"]))
            Refusal("data").ShouldBe($"'{_folder["data"]}' is in use by process {Environment.ProcessId}: stop that hub first.\n");

        // What a hub that has gone leaves of itself, and what ext4 puts into every root.
        Directory.CreateDirectory(_folder["volume/lost+found"]);
        File.WriteAllText(_folder["volume/lock"], "4711\n");
        Tool.Run(_folder["volume"], "restore", _folder["backup"]).ShouldBeFine();

        string Refusal(string data)
        {
            var tool = Tool.Run(_folder[data], "restore", _folder["backup"]);
            tool.ExitCode.ShouldBe(ExitCode.Failed);
            return tool.Error["TelemetryHub journal restore: ".Length..];
        }
    }

    [Fact]
    public async Task The_directory_of_a_running_hub_is_no_backup()
    {
        await using var journal = OpenJournal.At(_folder["data"]);

        Tool.Run(_folder["new"], "restore", _folder["data"]).Error
            .ShouldContain("is the directory of a running hub");
        Directory.Exists(_folder["new"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_damaged_backup_is_restored_only_when_that_is_said()
    {
        await OpenJournal.WriteAsync(_folder["backup"], batches: 40);
        var segment = _folder["backup/journal/0000000002.segment"];
        var bytes = File.ReadAllBytes(segment);
        bytes[50_000]++;
        File.WriteAllBytes(segment, bytes);

        var refused = Tool.Run(_folder["data"], "restore", _folder["backup"]);
        refused.ExitCode.ShouldBe(ExitCode.Failed);
        refused.Error.ShouldContain("Nothing was restored.");
        Directory.Exists(_folder["data"]).ShouldBeFalse();

        Tool.Run(_folder["data"], "restore", _folder["backup"], "--damaged").ExitCode.ShouldBe(ExitCode.Success);
        Tool.Run(_folder["data"], "dump").Lines.Length.ShouldBeGreaterThanOrEqualTo(399);
    }
}
