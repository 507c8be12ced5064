using TelemetryHub.Server.Tests.Hosting;

namespace TelemetryHub.Server.Tests.Journaling.Commands;

public sealed class ToolProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_program_is_the_tool_for_a_hub_that_runs()
    {
        await using var hub = HubProcess.Start(["--Http:Listen=", "--Mqtt:Listen=127.0.0.1:0"]);
        await hub.NextLineAsync();
        var data = $"--Hub:Data={hub.Folder}/data";

        var (exitCode, output, error) = await HubProcess.RunAsync(["journal", "info", data]);
        (exitCode, error).ShouldBe((0, ""));
        output.ShouldContain(", in use by process ");

        (exitCode, output, error) = await HubProcess.RunAsync(["journal", "backup", _folder["backup"], data]);
        (exitCode, error).ShouldBe((0, ""));
        output.ShouldContain($"backup  {_folder["backup"]}\n");

        (exitCode, _, error) = await HubProcess.RunAsync(["journal", "restore", _folder["backup"], data]);
        exitCode.ShouldBe(1);
        error.ShouldContain("stop that hub first");

        (exitCode, output, error) = await HubProcess.RunAsync(["journal", "dump", $"--Hub:Data={_folder["backup"]}"]);
        (exitCode, error).ShouldBe((0, ""));
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.StartsWith("{\"id\":\""));
    }

    [Fact]
    public async Task Wrong_usage_ends_with_2()
    {
        var (exitCode, output, error) = await HubProcess.RunAsync(["journal", "backpu"]);

        output.ShouldBeEmpty();
        error.ShouldBe("There is no command 'journal backpu'; did you mean journal backup?\n");
        exitCode.ShouldBe(2);
    }
}
