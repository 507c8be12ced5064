using TelemetryHub.Core.Journaling.Copies;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Inspection;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary><c>journal restore SOURCE</c>: puts a backup into an empty data directory.</summary>
internal sealed class JournalRestore : ITool
{
    private static readonly ToolOption Damaged = new("--damaged", null, "restores a backup in which something is wrong as well");

    public string Group => "journal";

    public string Verb => "restore";

    public string Description => "verifies a backup and puts it into the empty folder Hub:Data";

    public string? Argument => "SOURCE";

    public IReadOnlyList<ToolOption> Options { get; } = [Damaged];

    public ExitCode Run(ToolCall call)
    {
        var (disk, source, data) = (new LocalDisk(), call.Argument, call.Data());
        if (DirectoryRestore.Objection(source, data) is { } objection)
            throw new IOException(objection);

        var report = JournalReport.Of(source, new JournalCheck(disk, source, StateParts.All).Run());
        report.WriteFindings(call.Error);
        if (report.Problems!.Count > 0 && !call.Has(Damaged.Name))
        {
            call.Error.WriteLine($"Nothing was restored. {Damaged.Name} restores it as it is; the hub then sets the damaged parts aside.");
            return ExitCode.Failed;
        }

        var epoch = DirectoryRestore.Run(disk, source, data);
        call.Output.WriteLine($"restored  {Path.GetFullPath(source)}");
        call.Output.WriteLine($"to        {Path.GetFullPath(data)}");
        call.Output.WriteLine($"total     {report.Totals()}");
        call.Output.WriteLine($"epoch     {epoch}, was {report.Epoch}: readers with a cursor of the old one are told that this is another log");
        return ExitCode.Success;
    }
}
