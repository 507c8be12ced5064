using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Inspection;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary><c>journal verify</c>: reads everything and tells what is wrong with it.</summary>
internal sealed class JournalVerify : ITool
{
    public string Group => "journal";

    public string Verb => "verify";

    public string Description => "reads all of it and tells what is wrong and where; changes nothing";

    public string? Argument => null;

    public IReadOnlyList<ToolOption> Options { get; } = [JournalReport.JsonOption];

    public ExitCode Run(ToolCall call)
    {
        var data = call.Data();
        var report = JournalReport.Of(data, new JournalCheck(new LocalDisk(), data, StateParts.All).Run());
        report.Write(call);
        return report.Problems!.Count == 0 ? ExitCode.Success : ExitCode.Failed;
    }
}
