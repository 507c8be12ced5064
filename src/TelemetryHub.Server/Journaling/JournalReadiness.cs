using TelemetryHub.Core.Journaling;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Journaling;

/// <summary>The journal's part of <c>/health/ready</c>.</summary>
internal sealed class JournalReadiness(Journal journal) : IReadinessCheck
{
    public string? Problem => journal.Health.Problem is { } problem ? $"journal: durable publishes are not accepted: {problem}" : null;

    public string? Warning => journal.Health.Quarantined is { Count: > 0 } files
        ? $"journal: damage was set aside, events are missing: {string.Join(", ", files)}"
        : null;
}
