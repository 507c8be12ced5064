using System.Text;

namespace TelemetryHub.Server.Tools;

/// <summary>What <c>--help</c> prints of tools.</summary>
internal static class ToolUsage
{
    /// <summary>A line for each tool.</summary>
    public static string List(IEnumerable<ITool> tools)
    {
        var text = new StringBuilder();
        foreach (var tool in tools)
            text.Append("  ").Append(Line(tool).PadRight(23)).Append(tool.Description).AppendLine();

        return text.ToString();
    }

    /// <summary>All about one tool.</summary>
    public static string Describe(ITool tool)
    {
        var text = new StringBuilder();
        text.AppendLine($"Usage: TelemetryHub.Server {Line(tool)} [OPTION]... [--Section:Key=value]...").AppendLine();
        text.AppendLine($"  {tool.Description}").AppendLine();
        foreach (var (name, value, description, repeatable) in tool.Options)
            text.Append("  ").Append($"{name}{(value is null ? "" : "=" + value)}".PadRight(20)).Append(description)
                .AppendLine(repeatable ? "; may be repeated" : "");

        text.AppendLine("  --config=FILE       read this file instead of ./telemetryhub.json");
        text.AppendLine("  --Hub:Data=FOLDER   the folder of the hub; every key of the configuration is understood");
        return text.ToString();
    }

    private static string Line(ITool tool) => $"{tool.Group} {tool.Verb}{(tool.Argument is null ? "" : " " + tool.Argument)}";
}
