using System.Text;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Configuration.Sources;

namespace TelemetryHub.Server.Tests.Configuration;

public class SourceTests
{
    private readonly List<ConfigurationProblem> _problems = [];

    [Fact]
    public void Every_entry_of_the_file_has_its_line()
    {
        var entries = Json("""
            {
              // comments are welcome
              "Mqtt": {
                "Listen": ["127.0.0.1:1", "[::1]:2"],
                "MaxInflight": 7,
              },
              "Hub:AllowAnonymousRemote": true, /* so are flat names and trailing commas */
            }
            """);

        _problems.ShouldBeEmpty();
        entries.ShouldBe(
        [
            new("Mqtt:Listen", "127.0.0.1:1;[::1]:2", "hub.json:4"),
            new("Mqtt:MaxInflight", "7", "hub.json:5"),
            new("Hub:AllowAnonymousRemote", "true", "hub.json:7"),
        ]);
    }

    [Theory]
    [InlineData("", "hub.json:1: not valid JSON")]
    [InlineData("{ \"Mqtt\": \n", "hub.json:2: not valid JSON")]
    [InlineData("{} {}", "hub.json:1: not valid JSON")]
    [InlineData("[]", "hub.json:1: the file has to be one JSON object")]
    [InlineData("{ \"Log\": { \"File\": null } }", "Log:File (hub.json:1): null is not a value")]
    [InlineData("{ \"Log\": { \"File\": [{}] } }", "Log:File (hub.json:1): a list may hold texts only")]
    public void A_file_that_cannot_be_understood_says_where(string json, string expected)
    {
        Json(json);

        _problems.ShouldHaveSingleItem().ToString().ShouldStartWith(expected);
    }

    [Fact]
    public void A_byte_order_mark_does_no_harm() => Json("\uFEFF{}").ShouldBeEmpty();

    [Fact]
    public void Only_variables_that_begin_with_a_section_are_looked_at()
    {
        var variables = new Dictionary<string, string>
        {
            ["MQTT__LISTEN"] = "a",
            ["Mqtt__Lisen"] = "b",
            ["HTTP_PROXY"] = "c",
            ["LOG"] = "d",
            ["Other__Key"] = "e",
            ["__x"] = "f",
        };

        EnvironmentSource.Read(variables, ["Mqtt", "Http", "Log"]).ShouldBe(
        [
            new("MQTT:LISTEN", "a", "environment MQTT__LISTEN"),
            new("Mqtt:Lisen", "b", "environment Mqtt__Lisen"),
        ]);
    }

    private List<ConfigurationEntry> Json(string text) => JsonSource.Read(Encoding.UTF8.GetBytes(text), "hub.json", _problems);
}
