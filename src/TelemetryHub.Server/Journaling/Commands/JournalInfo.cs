using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Inspection;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary><c>journal info</c>: what there is, without reading all of it.</summary>
internal sealed class JournalInfo : ITool
{
    public string Group => "journal";

    public string Verb => "info";

    public string Description => "tells what the journal holds, also while a hub is running";

    public string? Argument => null;

    public IReadOnlyList<ToolOption> Options { get; } = [JournalReport.JsonOption];

    public ExitCode Run(ToolCall call)
    {
        var data = call.Data();
        var view = new JournalView(new LocalDisk(), data);
        var report = new JournalReport
        {
            Data = data,
            Epoch = view.Folder.ReadEpoch(),
            Segments = [.. view.Segments.Select(segment => segment.Facts)],
            Snapshots = view.Folder.Snapshots,
        };
        report.Write(call);
        return ExitCode.Success;
    }
}
