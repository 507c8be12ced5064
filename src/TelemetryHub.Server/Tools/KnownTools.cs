namespace TelemetryHub.Server.Tools;

/// <summary>The list of all tools.</summary>
internal static class KnownTools
{
    public static IReadOnlyList<ITool> All { get; } = [];
}
