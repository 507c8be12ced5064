using System.Text;
using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Hosting;

/// <summary>What <c>--check</c> prints: every key, its value and where that comes from.</summary>
internal static class EffectiveTable
{
    public static string Write(HubConfiguration configuration)
    {
        var keyWidth = configuration.Values.Max(value => value.Key.Name.Length);
        var valueWidth = configuration.Values.Max(value => value.Shown.Length);
        var text = new StringBuilder();
        text.Append("key".PadRight(keyWidth)).Append("  ").Append("value".PadRight(valueWidth)).AppendLine("  source");
        foreach (var value in configuration.Values)
        {
            text.Append(value.Key.Name.PadRight(keyWidth)).Append("  ");
            text.Append(value.Shown.PadRight(valueWidth)).Append("  ").AppendLine(value.Source);
        }

        return text.ToString();
    }
}
