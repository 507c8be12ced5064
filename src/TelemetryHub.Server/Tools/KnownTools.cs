using TelemetryHub.Server.Journaling.Commands;

namespace TelemetryHub.Server.Tools;

/// <summary>The list of all tools.</summary>
internal static class KnownTools
{
    public static IReadOnlyList<ITool> All { get; } =
        [new JournalInfo(), new JournalVerify(), new JournalDump(), new JournalBackup(), new JournalRestore()];
}
