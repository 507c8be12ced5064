using System.Collections;
using System.Globalization;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Tests.Tools;

public class ToolCommandTests
{
    private readonly FakeTool _info = new("info");
    private readonly FakeTool _backup = new("backup", "TARGET");

    [Theory]
    [InlineData(true, "journal")]
    [InlineData(true, "jurnal", "info")]
    [InlineData(false, "--check", "journal")]
    [InlineData(false, "")]
    [InlineData(false)]
    public void A_word_in_the_first_place_means_a_tool(bool expected, params string[] args) => ToolCommand.IsMeant(args).ShouldBe(expected);

    [Fact]
    public void A_tool_gets_its_options_and_the_configuration_of_the_hub()
    {
        var (exitCode, _, error) = Run(
            ["journal", "info", "--json", "--topic", "a/#", "--topic=b", "--limit=7", "--Hub:Data=/x"], ("Mqtt__MaxInflight", "5"));

        (exitCode, error).ShouldBe((ExitCode.Success, ""));
        var call = _info.Call!;
        call.Has("--json").ShouldBeTrue();
        call.Value("--limit").ShouldBe("7");
        call.Value("--from").ShouldBeNull();
        call.Values("--topic").ShouldBe(["a/#", "b"]);
        call.Configuration.Get<HubOptions>().Data.Value.ShouldBe("/x");
        call.Configuration.Get<TelemetryHub.Server.Mqtt.MqttOptions>().MaxInflight.ShouldBe(5);
    }

    [Fact]
    public void What_a_tool_works_on_may_stand_among_the_options()
    {
        Run(["journal", "backup", "--json", "/there", "--limit", "3"]).ExitCode.ShouldBe(ExitCode.Success);
        _backup.Call!.Argument.ShouldBe("/there");
        _backup.Call.Value("--limit").ShouldBe("3");
    }

    [Theory]
    [InlineData("There is no command 'jurnal'; did you mean journal? --help tells what there is.", "jurnal", "info")]
    [InlineData("'journal' needs to be told what to do: info, backup.", "journal")]
    [InlineData("'journal' needs to be told what to do: info, backup.", "journal", "--json")]
    [InlineData("There is no command 'journal inof'; did you mean journal info?", "journal", "inof")]
    [InlineData("TelemetryHub journal backup: TARGET (command line): is missing: journal backup TARGET", "journal", "backup")]
    [InlineData("TelemetryHub journal backup: b (command line): there is one TARGET already: 'a'", "journal", "backup", "a", "b")]
    [InlineData("TelemetryHub journal info: x (command line): there is no such command; --help tells what there is", "journal", "info", "x")]
    [InlineData("TelemetryHub journal info: --jsn (command line): there is no such option; did you mean --json?", "journal", "info", "--jsn")]
    [InlineData("TelemetryHub journal info: --check (command line): there is no such option; did you mean --help?", "journal", "info", "--check")]
    [InlineData("TelemetryHub journal info: --limit (command line): needs a value: --limit=COUNT", "journal", "info", "--limit")]
    [InlineData("TelemetryHub journal info: --limit (command line): given twice", "journal", "info", "--limit=1", "--limit=2")]
    [InlineData("TelemetryHub journal info: --json (command line): takes no value", "journal", "info", "--json=yes")]
    [InlineData("TelemetryHub journal info: Hub:Dta (command line): there is no such key; did you mean Hub:Data?", "journal", "info", "--Hub:Dta=x")]
    public void Wrong_usage_is_told_in_one_line_and_nothing_is_done(string expected, params string[] args)
    {
        Run(args).ShouldBe((ExitCode.WrongConfiguration, "", expected + Environment.NewLine));
        (_info.Call ?? _backup.Call).ShouldBeNull();
    }

    [Fact]
    public void A_tool_says_itself_what_makes_no_sense()
    {
        _info.Does = _ => throw new UsageException("--from is after --to");
        Run(["journal", "info"])
            .ShouldBe((ExitCode.WrongConfiguration, "", "TelemetryHub journal info: --from is after --to" + Environment.NewLine));
    }

    [Fact]
    public void A_failure_of_the_disk_is_one_line_and_a_bug_keeps_its_stack_trace()
    {
        _info.Does = _ => throw new FileNotFoundException("there is no file 'x'");
        Run(["journal", "info"]).ShouldBe((ExitCode.Failed, "", "TelemetryHub journal info: there is no file 'x'" + Environment.NewLine));

        _info.Does = _ => throw new InvalidOperationException("a bug");
        Should.Throw<InvalidOperationException>(() => Run(["journal", "info"]));
    }

    [Fact]
    public void Help_is_told_about_all_and_about_one()
    {
        var (exitCode, all, _) = Run(["journal", "--help"]);
        exitCode.ShouldBe(ExitCode.Success);
        all.ShouldContain("journal backup TARGET  does nothing");

        var (_, one, _) = Run(["journal", "backup", "--help"]);
        one.ShouldContain("Usage: TelemetryHub.Server journal backup TARGET");
        one.ShouldContain("--limit=COUNT");
        _backup.Call.ShouldBeNull();
    }

    private (ExitCode ExitCode, string Output, string Error) Run(string[] args, params (string Name, string Value)[] environment)
    {
        var variables = new Hashtable();
        foreach (var (name, value) in environment)
            variables.Add(name, value);

        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var exitCode = new ToolCommand([_info, _backup], output, error, () => Stream.Null).Run(args, variables);
        return (exitCode, output.ToString(), error.ToString());
    }
}
