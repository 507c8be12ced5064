using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary>What the journal's tools take from a call.</summary>
internal static class ToolCallData
{
    /// <summary>The data directory, <c>Hub:Data</c>.</summary>
    public static string Data(this ToolCall call) => call.Configuration.Get<HubOptions>().Data.Value!;
}
