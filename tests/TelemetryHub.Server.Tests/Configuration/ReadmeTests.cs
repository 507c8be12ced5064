using System.Text.RegularExpressions;
using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Tests.Configuration;

public partial class ReadmeTests
{
    [Fact]
    public void Every_key_stands_in_the_options_table_with_its_default_and_the_other_way_round()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var table = OptionRow().Matches(readme).Select(row => (Name: row.Groups[1].Value, Default: row.Groups[2].Value.Trim().Trim('`')));
        var keys = KnownKeys.OfTheProcess().All.Select(key => (key.Name, key.Default));

        table.ShouldBe(keys);
    }

    [GeneratedRegex("^\\| `([A-Z][A-Za-z]*:[A-Za-z]+)` \\|([^|]*)\\|", RegexOptions.Multiline)]
    private static partial Regex OptionRow();
}
