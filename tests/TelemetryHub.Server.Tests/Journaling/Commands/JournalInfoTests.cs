using System.Text.Json;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Tests.Journaling.Commands;

public sealed class JournalInfoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_running_hubs_journal_is_told_while_it_runs()
    {
        await using var journal = OpenJournal.At(_folder["data"]);
        await journal.AppendAsync(400);

        var tool = Tool.Run(_folder["data"], "info").ShouldBeFine();

        tool.Lines[0].ShouldBe($"data    {_folder["data"]}, in use by process {Environment.ProcessId}");
        tool.Lines[1].ShouldBe($"epoch   {journal.Epoch}");
        tool.Lines[2].ShouldStartWith("total   4 segments, 400 events, ");
        tool.Lines[^4].ShouldContain("  sealed    ");
        tool.Lines[^1].ShouldContain("  active    ");
    }

    [Fact]
    public async Task A_program_gets_the_same_as_json()
    {
        await OpenJournal.WriteAsync(_folder["data"]);

        var json = Tool.Run(_folder["data"], "info", "--json").ShouldBeFine().Json;

        json.GetProperty("inUse").GetBoolean().ShouldBeFalse();
        json.GetProperty("events").GetInt64().ShouldBe(400);
        json.GetProperty("nextSequence").GetInt64().ShouldBe(401);
        var segments = json.GetProperty("segments").EnumerateArray().ToList();
        segments.Select(Text("state")).Distinct().ShouldBe(["sealed"]);
        segments.Select(Number("firstSequence")).First().ShouldBe(1);
        segments.Select(Number("nextSequence")).SkipLast(1).ShouldBe(segments.Select(Number("firstSequence")).Skip(1));
        segments.Sum(Number("bytes")).ShouldBe(Directory.GetFiles(_folder["data/journal"], "*.segment").Sum(file => new FileInfo(file).Length));
    }

    [Theory]
    [InlineData("info")]
    [InlineData("verify")]
    [InlineData("dump")]
    public void Where_there_is_no_journal_that_is_said(string verb)
    {
        var tool = Tool.Run(_folder["data"], verb);

        tool.ExitCode.ShouldBe(ExitCode.Failed);
        tool.Error.ShouldBe($"TelemetryHub journal {verb}: There is no journal in '{_folder["data"]}'.{Environment.NewLine}");
    }

    private static Func<JsonElement, long> Number(string name) => element => element.GetProperty(name).GetInt64();

    private static Func<JsonElement, string?> Text(string name) => element => element.GetProperty(name).GetString();
}
