using System.Diagnostics.Metrics;
using TelemetryHub.Core.Journaling.Segments;

namespace TelemetryHub.Core.Journaling;

/// <summary>The instruments of the journal, in the meter <c>TelemetryHub.Journal</c>.</summary>
internal sealed class JournalMetrics : IDisposable
{
    private readonly Meter _meter = new("TelemetryHub.Journal");
    private readonly Histogram<double> _syncTime;

    public JournalMetrics(JournalHealth health, SegmentList segments, Intake intake)
    {
        _syncTime = _meter.CreateHistogram<double>("hub.journal.sync.time", "s", "How long the disk took to sync.");
        Count("hub.journal.syncs", "{sync}", "Syncs: each made everything before it durable.", () => health.Syncs);
        Count("hub.journal.events", "{event}", "Events written.", () => health.EventsWritten);
        Count("hub.journal.bytes", "By", "Bytes written.", () => health.BytesWritten);
        Count("hub.journal.failures", "{failure}", "How often the disk failed.", () => health.Failures);
        Count("hub.journal.events.not_written", "{event}", "Events that were delivered live but not written, because the disk failed.", () => health.EventsNotWritten);
        Count("hub.journal.events.dropped", "{event}", "Events that age or size took.", () => health.EventsDropped);
        Count("hub.journal.state.lost", "{record}", "Records of state that found no room in memory while the disk failed.", () => health.StateLost);
        _meter.CreateObservableGauge("hub.journal.quarantined", () => health.Quarantined.Count, "{file}", "Files that were set aside because they were damaged.");
        _meter.CreateObservableGauge("hub.journal.segments", () => segments.All.Count, "{segment}", "Segments that are kept.");
        _meter.CreateObservableGauge("hub.journal.size", () => segments.All.Sum(segment => segment.Bytes), "By", "Bytes that are kept.");
        _meter.CreateObservableGauge("hub.journal.pending", () => intake.Pending.Bytes, "By", "What was appended and is not written yet, records of state included.");
        _meter.CreateObservableGauge("hub.journal.pending.events", () => intake.Pending.Events, "{event}", "Events that were appended and are not written yet.");
        _meter.CreateObservableGauge("hub.journal.failed", () => health.Problem is null ? 0 : 1, "1", "Whether durable publishes are refused now, or wait for a disk that does not answer.");
    }

    public void Synced(TimeSpan took) => _syncTime.Record(took.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    private void Count(string name, string unit, string description, Func<long> value) => _meter.CreateObservableCounter(name, value, unit, description);
}
