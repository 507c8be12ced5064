using System.Diagnostics.Metrics;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public sealed class FeedMetricsTests
{
    [Fact]
    public async Task They_say_who_is_behind_by_how_much_and_what_was_missed_in_which_policy()
    {
        await using var feeds = TestFeeds.Start(new FeedSettings { RingBytes = 64 << 10 }, loop: new InlineLoop());
        using var meters = new Meters(feeds.Table);
        using var jumping = feeds.Open();
        using var patient = feeds.Open("a", overflow: OverflowPolicy.Replay);
        jumping.Now();
        for (var i = 0; i < 2000; i++)
            feeds.Publish("a", $"{i}");

        meters.Read();
        meters["hub.reader.count Gap"].ShouldBe(1);
        meters["hub.reader.behind Gap"].ShouldBe(2000);
        meters["hub.reader.behind Replay"].ShouldBe(2000);
        meters["hub.feed.size"].ShouldBeInRange(1, 2 * (64 << 10));

        var gap = await jumping.NextAsync();
        meters["hub.reader.missed Slow Gap"].ShouldBe(gap.GetProperty("missed").GetInt64());
        meters["hub.reader.gaps Slow Gap"].ShouldBe(1);
        meters["hub.reader.written"].ShouldBeGreaterThan(0);
    }

    /// <summary>Listens to the meter of one table: others run in this process as well.</summary>
    private sealed class Meters : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, long> _values = [];

        public Meters(FeedTable table)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (table.Metrics.IsOf(instrument.Meter))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
        }

        public long this[string name] => _values[name];

        public void Read() => _listener.RecordObservableInstruments();

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Value}").Prepend(instrument.Name));
            _values[name] = instrument.IsObservable ? value : _values.GetValueOrDefault(name) + value;
        }
    }
}
