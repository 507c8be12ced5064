using TelemetryHub.EndToEnd.Tests.Brokers;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>One process per data directory.</summary>
public sealed class DataDirectoryTests
{
    [Fact]
    public async Task A_second_process_on_the_same_directory_ends_with_an_error_that_names_the_first()
    {
        await using var first = new RestartableHub();
        await first.StartAsync();

        await using var second = HubProgram.Start(
            [$"--Hub:Data={first.Data}", $"--Mqtt:Listen={Listener.Host}:0", $"--Http:Listen={Listener.Host}:0"]);
        var result = await second.ExitAsync();

        result.ExitCode.ShouldBe(1);
        var line = result.Errors.ShouldHaveSingleItem();
        line.ShouldContain(first.Data);
        line.ShouldContain($"process {first.Program.Id}");
    }
}
