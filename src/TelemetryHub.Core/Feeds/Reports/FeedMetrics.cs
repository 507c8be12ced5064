using System.Diagnostics.Metrics;
using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds.Reports;

/// <summary>All instruments of the feeds: meter <c>TelemetryHub.Feeds</c>.</summary>
internal sealed class FeedMetrics : IDisposable
{
    private readonly Meter _meter = new("TelemetryHub.Feeds");
    private readonly Counter<long> _written;
    private readonly Counter<long> _missed;

    public FeedMetrics(FeedTable table)
    {
        _written = _meter.CreateCounter<long>("hub.reader.written", "By", "Bytes written to readers");
        _missed = _meter.CreateCounter<long>("hub.reader.missed", "{event}", "Events that readers were told to have missed");
        _meter.CreateObservableGauge("hub.feed.count", () => table.FeedCount, "{feed}", "Feeds");
        _meter.CreateObservableGauge("hub.reader.count", () => table.ReaderCount, "{reader}", "Readers");
        _meter.CreateObservableGauge("hub.reader.replays", () => table.Replays.Count, "{reader}", "Readers that wait for a page of the past");
    }

    public void Written(int bytes) => _written.Add(bytes);

    public void Missed(MissedReason reason, OverflowPolicy policy, long events) =>
        _missed.Add(events, new KeyValuePair<string, object?>("reason", reason), new KeyValuePair<string, object?>("policy", policy));

    public void Dispose() => _meter.Dispose();
}
