using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Tests.Journaling.Commands;

public sealed class JournalVerifyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_journal_that_is_well_is_said_to_be_and_nothing_is_changed()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        var before = TemporaryFolder.ContentOf(_folder["data"]);

        var tool = Tool.Run(_folder["data"], "verify").ShouldBeFine();

        tool.Lines[^1].ShouldBe("No problem was found.");
        TemporaryFolder.ContentOf(_folder["data"]).ShouldBe(before);
    }

    [Fact]
    public async Task A_running_hub_is_no_problem_however_busy()
    {
        await using var journal = OpenJournal.At(_folder["data"], maxBytes: 1 << 20);
        var writing = Task.Run(() => journal.AppendAsync(20_000), TestContext.Current.CancellationToken);

        do
            Tool.Run(_folder["data"], "verify", "--json").Json.GetProperty("problems").EnumerateArray().ShouldBeEmpty();
        while (!writing.IsCompleted);

        await writing;
    }

    [Fact]
    public async Task A_crash_is_told_and_is_no_problem()
    {
        await using (var journal = OpenJournal.At(_folder["data"]))
        {
            await journal.AppendAsync(400);
            TemporaryFolder.Copy(_folder["data"], _folder["crashed"]);
        }

        Tool.Run(_folder["crashed"], "verify").ShouldBeFine().Output.ShouldContain("  active  ");
        await using (OpenJournal.At(_folder["crashed"]))
        {
        }

        var tool = Tool.Run(_folder["crashed"], "verify").ShouldBeFine();
        tool.Output.ShouldContain("  ended  ");
        tool.Lines[^2].ShouldBe("note: 0000000005.segment: the hub had not stopped in order before it; sequences go on at 4294967697");
    }

    [Fact]
    public async Task A_changed_byte_is_found_and_what_is_lost_by_it()
    {
        await OpenJournal.WriteAsync(_folder["data"], batches: 40);
        Change("0000000002.segment", offset: 50_000);

        var tool = Tool.Run(_folder["data"], "verify");

        tool.ExitCode.ShouldBe(ExitCode.Failed);
        tool.Lines[^3].ShouldMatch(@"^problem: 0000000002\.segment: 10\d\d bytes at offset (49|50)\d\d\d are damaged$");
        tool.Lines[^2].ShouldBe("problem: 0000000002.segment: 1 of its events are lost by damage");
        tool.Lines[^1].ShouldBe("Problems found: 2.");
    }

    [Fact]
    public async Task A_changed_byte_in_the_last_batch_is_damage_because_the_segment_was_finished()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        var last = Path.GetFileName(Directory.GetFiles(_folder["data/journal"], "*.segment").Max()!);
        Change(last, offset: 5_000);

        var problems = Problems();
        problems[0].ShouldMatch($@"^{last}: 10\d\d bytes at offset 42\d\d are damaged$");
        problems[1..].ShouldBe([$"{last}: 1 of its events are lost by damage"]);
    }

    [Fact]
    public async Task A_damaged_header_makes_a_segment_unreadable()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        Change("0000000002.segment", offset: 20);

        Problems().ShouldContain("0000000002.segment: its header is damaged, and without it nothing in it can be read");
    }

    [Fact]
    public async Task A_segment_that_was_cut_off_misses_events()
    {
        var events = await OpenJournal.WriteAsync(_folder["data"]);
        using (var file = File.OpenWrite(_folder["data/journal/0000000002.segment"]))
            file.SetLength(50_000);

        var problem = Problems().ShouldHaveSingleItem();
        problem.ShouldMatch(@"^0000000002\.segment: cannot be read behind offset \d+: events \d+ to 258 are missing$");
    }

    [Fact]
    public async Task A_segment_that_is_gone_from_the_middle_is_missed()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        File.Delete(_folder["data/journal/0000000002.segment"]);

        Problems().ShouldHaveSingleItem().ShouldMatch(@"^0000000003\.segment: events \d+ to \d+, before it, are missing$");
    }

    [Fact]
    public async Task Segments_that_are_gone_from_the_beginning_need_a_snapshot()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        File.Delete(_folder["data/journal/0000000001.segment"]);

        Problems().ShouldHaveSingleItem().ShouldBe("0000000002.segment: no snapshot tells the state of the hub before it");
    }

    [Theory]
    [InlineData(10, "is damaged, or belongs to another segment; a start makes it again")]
    [InlineData(300, "is damaged, or belongs to another segment; a start makes it again")]
    [InlineData(-3, "does not say what is in its segment")] // the postings have checksums of their own
    public async Task Indexes_are_compared_with_their_segments(int offset, string expected)
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        var length = (int)new FileInfo(_folder["data/journal/0000000002.index"]).Length;
        Change("0000000002.index", offset < 0 ? length + offset : offset);

        Problems().ShouldBe([$"0000000002.index: {expected}"]);
    }

    [Fact]
    public async Task An_index_of_another_segment_is_found_out()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        File.Copy(_folder["data/journal/0000000001.index"], _folder["data/journal/0000000002.index"], overwrite: true);

        Problems().ShouldHaveSingleItem().ShouldStartWith("0000000002.index: is damaged, or belongs to another segment");
    }

    [Fact]
    public async Task Snapshots_are_read_as_well()
    {
        // Retention makes them: what it drops must not take the hub's state along.
        await using (var journal = OpenJournal.At(_folder["data"], maxBytes: 1 << 20))
        {
            await journal.AppendAsync("kept", "for ever", retain: true);
            await journal.AppendAsync(2_000);
        }

        var snapshot = Path.GetFileName(Directory.GetFiles(_folder["data/journal"], "*.snapshot").Max()!);
        Tool.Run(_folder["data"], "verify").ShouldBeFine();
        Change(snapshot, offset: 60);

        Problems().ShouldContain($"{snapshot}: is damaged or not whole");
    }

    [Theory]
    [InlineData("", "epoch: is damaged: it is not 12 characters of 0-9 and a-z")]
    [InlineData(null, "epoch: is missing: nobody knows which log this is")]
    public async Task The_name_of_the_log_must_be_there(string? text, string expected)
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        File.Delete(_folder["data/epoch"]);
        if (text is not null)
            File.WriteAllText(_folder["data/epoch"], text);

        Problems().ShouldBe([expected]);
    }

    [Fact]
    public async Task What_was_repaired_before_is_told_but_no_problem_any_more()
    {
        await OpenJournal.WriteAsync(_folder["data"], batches: 40);
        Change("0000000002.segment", offset: 50_000);
        File.Delete(_folder["data/journal/0000000002.index"]); // so that the start reads all of it
        await using (OpenJournal.At(_folder["data"]))
        {
        }

        var tool = Tool.Run(_folder["data"], "verify").ShouldBeFine();
        tool.Output.ShouldContain("  repaired  ");
        tool.Output.ShouldContain("note: 0000000002.segment: 1 of its events are lost by damage");
        tool.Output.ShouldContain("note: 0000000002.segment: is a copy from which damage was cut; the original is beside it, as .damaged");
    }

    private List<string> Problems()
    {
        var tool = Tool.Run(_folder["data"], "verify", "--json");
        tool.ExitCode.ShouldBe(ExitCode.Failed);
        return [.. tool.Json.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!)];
    }

    private void Change(string file, int offset)
    {
        var path = _folder[$"data/journal/{file}"];
        var bytes = File.ReadAllBytes(path);
        bytes[offset] ^= 0x10;
        File.WriteAllBytes(path, bytes);
    }
}
