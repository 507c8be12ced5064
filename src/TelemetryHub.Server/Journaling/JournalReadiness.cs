using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Journaling;

/// <summary>The journal's part of <c>/health/ready</c>.</summary>
internal sealed class JournalReadiness(Journal journal, DataDirectory directory, IDisk disk) : IReadinessCheck
{
    // Looked for once: a disk that hangs must not hold up the answer that says so.
    private readonly string[] _foundAtStart = [.. disk.List(directory.JournalPath).Where(name => name.EndsWith(SegmentFiles.DamagedSuffix, StringComparison.Ordinal))];

    public string? Problem => journal.Health.Problem is { } problem ? $"journal: durable publishes are not accepted: {problem}" : null;

    /// <summary>Also what was set aside before the last start: it is told until somebody has looked at it and taken it away.</summary>
    public string? Warning
    {
        get
        {
            var files = _foundAtStart.Union(journal.Health.Quarantined).Order(StringComparer.Ordinal).ToList();
            List<string> texts = [];
            if (files.Count > 0)
                texts.Add($"damage was set aside, events are missing: {string.Join(", ", files)}");
            if (journal.Health.Losses is { Count: > 0 } losses)
                texts.Add($"missing: {string.Join(", ", losses)}");
            return texts.Count > 0 ? $"journal: {string.Join("; ", texts)}" : null;
        }
    }
}
