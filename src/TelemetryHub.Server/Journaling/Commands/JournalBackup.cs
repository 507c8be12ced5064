using TelemetryHub.Core.Journaling.Copies;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Inspection;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary><c>journal backup TARGET</c>: a copy of what the hub keeps, while it runs or not.</summary>
internal sealed class JournalBackup : ITool
{
    public string Group => "journal";

    public string Verb => "backup";

    public string Description => "copies it to a new folder, also while a hub is running, and verifies the copy";

    public string? Argument => "TARGET";

    public IReadOnlyList<ToolOption> Options { get; } = [];

    public ExitCode Run(ToolCall call)
    {
        var disk = new LocalDisk();
        using var target = new TargetFolder(disk, call.Argument);
        new DirectoryCopy(disk, call.Data(), target).Run();

        // Before it has its name: what is called TARGET has been read back.
        var report = JournalReport.Of(target.Path, new JournalCheck(disk, target.Path, StateParts.All).Run());
        target.Finish();
        report.WriteFindings(call.Error);
        call.Output.WriteLine($"backup  {Path.GetFullPath(call.Argument)}");
        call.Output.WriteLine($"epoch   {report.Epoch}");
        call.Output.WriteLine($"total   {report.Totals()}");
        if (report.Problems!.Count == 0)
            return ExitCode.Success;

        call.Error.WriteLine("The journal has the problems told above, and so has its copy.");
        return ExitCode.Failed;
    }
}
