using System.Globalization;
using System.Text.RegularExpressions;

namespace TelemetryHub.Server.Tests.Hosting;

public partial class HubProcessTests
{
    private static readonly string[] AnyPorts = ["--Http:Listen=127.0.0.1:0;[::1]:0", "--Mqtt:Listen=127.0.0.1:0"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_says_where_it_listens_serves_and_ends_with_0_when_told_to(bool terminate)
    {
        await using var hub = HubProcess.Start(AnyPorts);
        var ready = ReadyLine().Match(await hub.NextLineAsync());
        ready.Success.ShouldBeTrue();
        double.Parse(ready.Groups[1].Value, CultureInfo.InvariantCulture).ShouldBeLessThan(10);
        var address = await hub.AddressAsync("http");

        using var client = new HttpClient();
        using var answer = await client.GetAsync(address + "/health/live", TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        answer.Headers.Server.ShouldBeEmpty();

        if (terminate)
            hub.Terminate();
        else
            hub.Interrupt();

        var (exitCode, _, error) = await hub.EndAsync();
        error.ShouldBeEmpty();
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_port_in_use_gives_one_line_and_exit_code_1()
    {
        await using var first = HubProcess.Start(AnyPorts);
        var address = (await first.AddressAsync("http"))["http://".Length..];

        var (exitCode, output, error) = await HubProcess.RunAsync([$"--Http:Listen={address}", "--Mqtt:Listen=127.0.0.1:0"]);

        error.ShouldBe($"TelemetryHub cannot listen on {address}: another program uses this address\n");
        output.ShouldBeEmpty();
        exitCode.ShouldBe(1);
    }

    [Fact]
    public async Task An_address_of_another_machine_gives_one_line_and_exit_code_1()
    {
        // RFC 5737: 192.0.2.0/24 is nobody's.
        var (exitCode, _, error) = await HubProcess.RunAsync(
            ["--Http:Listen=192.0.2.1:80", "--Mqtt:Listen=127.0.0.1:0", "--Hub:AllowAnonymousRemote"]);

        error.ShouldBe("TelemetryHub cannot listen on 192.0.2.1:80: this machine does not have this address\n");
        exitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_configuration_lists_everything_and_ends_with_2()
    {
        var (exitCode, output, error) = await HubProcess.RunAsync(
            ["--Mqtt:Lisen=x"], [("Http__Listen", "x")], """{ "Mqtt": { "MaxInflight": 0 } }""");

        output.ShouldBeEmpty();
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4);
        error.ShouldStartWith("The configuration is wrong in 3 places:\n");
        exitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Check_prints_every_value_with_its_source_and_starts_nothing()
    {
        var (exitCode, output, error) = await HubProcess.RunAsync(
            ["--check", "--Mqtt:Listen", "127.0.0.1:99"], [("Log__Level", "Debug")], """{ "Mqtt": { "MaxInflight": 5 } }""");

        error.ShouldBeEmpty();
        exitCode.ShouldBe(0);
        var rows = output.Split('\n').Select(row => Gap().Replace(row, "|")).ToList();
        rows.ShouldContain("Mqtt:Listen|127.0.0.1:99|command line");
        rows.ShouldContain("Log:Level|Debug|environment Log__Level");
        rows.ShouldContain("Mqtt:MaxInflight|5|telemetryhub.json:1");
        rows.ShouldContain("Http:Listen|127.0.0.1:8080|default");
    }

    [Fact]
    public async Task Check_of_a_wrong_configuration_ends_with_2()
    {
        var (exitCode, output, error) = await HubProcess.RunAsync(["--check", "--config", "absent.json"]);

        output.ShouldBeEmpty();
        error.ShouldContain("absent.json: cannot be read");
        exitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Help_and_version_are_told()
    {
        (await HubProcess.RunAsync(["--version"])).Output.ShouldMatch("^TelemetryHub \\d+\\.\\d+\\.\\d+\n$");
        var (exitCode, output, _) = await HubProcess.RunAsync(["--help"]);
        output.ShouldContain("--check");
        output.ShouldContain("Mqtt:MaxQueuedBytes");
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Without_http_nothing_listens_there()
    {
        await using var hub = HubProcess.Start(["--Http:Listen=", "--Mqtt:Listen=127.0.0.1:0"]);
        await hub.NextLineAsync();
        hub.Terminate();

        var (exitCode, output, _) = await hub.EndAsync();
        output.ShouldNotContain("http");
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_log_file_that_cannot_be_written_stops_the_start()
    {
        var (exitCode, _, error) = await HubProcess.RunAsync([.. AnyPorts, "--Log:File=/proc/hub.log"]);

        error.ShouldStartWith("TelemetryHub cannot start: ");
        error.Count('\n').ShouldBe(1);
        exitCode.ShouldBe(1);
    }

    [GeneratedRegex("^TelemetryHub [0-9.]+ ready in ([0-9.]+) s$")]
    private static partial Regex ReadyLine();

    [GeneratedRegex("  +")]
    private static partial Regex Gap();
}
