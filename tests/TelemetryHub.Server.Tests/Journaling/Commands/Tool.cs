using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Tests.Journaling.Commands;

/// <summary>Runs a tool of the program, as its command line would.</summary>
internal sealed record Tool(ExitCode ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static Tool Run(string data, params string[] args) => Run(new MemoryStream(), data, args);

    public static Tool Run(Stream bytes, string data, params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var exitCode = new ToolCommand(KnownTools.All, output, error, () => bytes)
            .Run(["journal", .. args, $"--Hub:Data={data}"], new Hashtable());
        var text = bytes is MemoryStream written ? Encoding.UTF8.GetString(written.ToArray()) : "";
        return new Tool(exitCode, output.ToString() + text, error.ToString());
    }

    /// <summary>Exit code 0 and not a word on the error output.</summary>
    public Tool ShouldBeFine()
    {
        Error.ShouldBeEmpty();
        ExitCode.ShouldBe(ExitCode.Success);
        return this;
    }
}
