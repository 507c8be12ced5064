using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Configuration.Sources;

namespace TelemetryHub.Server.Tests.Configuration;

public class CommandLineTests
{
    [Theory]
    [InlineData("--Mqtt:Listen=127.0.0.1:1")]
    [InlineData("--Mqtt:Listen", "127.0.0.1:1")]
    public void A_value_follows_an_equals_sign_or_a_space(params string[] args) =>
        Parse(args).Entries.ShouldBe([new("Mqtt:Listen", "127.0.0.1:1", "command line")]);

    [Fact]
    public void A_switch_alone_means_true() =>
        Parse("--Hub:AllowAnonymousRemote", "--Mqtt:ProxyProtocol", "false").Entries.Select(entry => entry.Value)
            .ShouldBe(["true", "false"]);

    [Fact]
    public void An_empty_value_is_a_value() => Parse("--Http:Listen=").Entries.Single().Value.ShouldBe("");

    [Fact]
    public void The_file_may_be_named_both_ways()
    {
        Parse("--config", "a.json").ConfigFile.ShouldBe("a.json");
        Parse("--config=a.json").ConfigFile.ShouldBe("a.json");
    }

    [Theory]
    [InlineData("--chekc", "--chekc (command line): there is no such option; did you mean --check?")]
    [InlineData("--check=1", "--check (command line): there is no such option; did you mean --check?")]
    [InlineData("--listen", "--listen (command line): there is no such option; did you mean --version?")]
    [InlineData("journal", "journal (command line): there is no such command; --help tells what there is")]
    [InlineData("-v", "-v (command line): there is no such command; --help tells what there is")]
    [InlineData("--Mqtt:Listen", "Mqtt:Listen (command line): needs a value: --Mqtt:Listen=…")]
    [InlineData("--config", "--config (command line): needs the name of a file")]
    [InlineData("--", "-- (command line): there is no such command; --help tells what there is")]
    public void What_is_not_understood_is_told(string argument, string expected) =>
        Parse(argument).Problems.ShouldHaveSingleItem().ToString().ShouldBe(expected);

    [Fact]
    public void Two_files_are_one_too_many() =>
        Parse("--config", "a", "--config=b").Problems.ShouldHaveSingleItem().Message.ShouldBe("given twice: 'a' and 'b'");

    private static CommandLine Parse(params string[] args) => CommandLine.Parse(args, KnownKeys.OfTheProcess());
}
