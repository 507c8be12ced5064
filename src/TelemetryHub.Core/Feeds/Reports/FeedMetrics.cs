using System.Diagnostics.Metrics;
using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds.Reports;

/// <summary>All instruments of the feeds: meter <c>TelemetryHub.Feeds</c>.</summary>
internal sealed class FeedMetrics : IDisposable
{
    private readonly Meter _meter = new("TelemetryHub.Feeds");
    private readonly Counter<long> _written;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _gaps;

    public FeedMetrics(FeedTable table)
    {
        _written = _meter.CreateCounter<long>("hub.reader.written", "By", "Bytes written to readers.");
        _missed = _meter.CreateCounter<long>("hub.reader.missed", "{event}", "Events that readers were told to have missed, as far as their number is known.");
        _gaps = _meter.CreateCounter<long>("hub.reader.gaps", "{gap}", "How often readers were told that they missed something.");
        _meter.CreateObservableGauge("hub.feed.count", () => table.FeedCount, "{feed}", "Feeds.");
        _meter.CreateObservableGauge("hub.feed.size", () => table.Report().Sum(feed => feed.Bytes), "By", "What the rings of all feeds take.");
        _meter.CreateObservableGauge("hub.reader.count", () => Count(table), "{reader}", "Readers.");
        _meter.CreateObservableGauge("hub.reader.behind", () => Furthest(table), "{event}", "How far behind the slowest reader is.");
        _meter.CreateObservableGauge("hub.reader.replays", () => table.Replays.Count, "{reader}", "Readers that wait for a page of the past.");
    }

    public void Written(int bytes) => _written.Add(bytes);

    public void Missed(MissedReason reason, OverflowPolicy policy, long events)
    {
        var (why, how) = (new KeyValuePair<string, object?>("reason", reason), new KeyValuePair<string, object?>("policy", policy));
        _missed.Add(events, why, how);
        _gaps.Add(1, why, how);
    }

    /// <summary>For tests: several tables may be in one process.</summary>
    public bool IsOf(Meter meter) => ReferenceEquals(meter, _meter);

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Count(FeedTable table) => ByPolicy(table, readers => readers.LongCount());

    private static IEnumerable<Measurement<long>> Furthest(FeedTable table) => ByPolicy(table, readers => readers.Max(reader => reader.Behind));

    private static IEnumerable<Measurement<long>> ByPolicy(FeedTable table, Func<IEnumerable<ReaderReport>, long> value) =>
        table.Report().SelectMany(feed => feed.Readers).GroupBy(reader => reader.Options.Overflow)
            .Select(readers => new Measurement<long>(value(readers), new KeyValuePair<string, object?>("policy", readers.Key)));
}
