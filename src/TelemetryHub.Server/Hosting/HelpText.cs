using System.Text;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Hosting;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    private const string Usage = """
        Usage: TelemetryHub.Server [--config FILE] [--Section:Key=value]...

        Without a word it runs the hub until Ctrl-C or SIGTERM. With two it is a tool, about which
        TelemetryHub.Server WORD WORD --help tells more:


        """;

    private const string Rest = """

          --config FILE          read this file instead of ./telemetryhub.json
          --check                check the configuration, print every value and where it comes from
          --version              print the version
          --help                 print this

        Keys stand in the file as { "Mqtt": { "Listen": "127.0.0.1:1883" } }, in the environment as Mqtt__Listen,
        on the command line as --Mqtt:Listen=127.0.0.1:1883; the latter wins over the former.

        """;

    public static string Write(ConfigurationKeys keys)
    {
        var text = new StringBuilder(Usage).Append(ToolUsage.List(KnownTools.All)).Append(Rest);
        var width = keys.All.Max(key => key.Name.Length);
        foreach (var key in keys.All)
        {
            text.AppendLine().Append("  ").Append(key.Name.PadRight(width)).Append("  ").Append(key.Description);
            text.Append(" (").Append(key.Kind.Name);
            if (key.Default.Length > 0)
                text.Append("; default ").Append(key.Default);
            text.Append(')');
        }

        return text.AppendLine().ToString();
    }
}
