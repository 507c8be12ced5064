using Microsoft.Extensions.Logging.Abstractions;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Core.Feeds.Queries;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Core.Tests.Journaling;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Feeds.Harness;

/// <summary>A journal, a router and the feeds on them, with a clock that the test moves.</summary>
internal sealed class TestFeeds : IAsyncDisposable
{
    private readonly IAccess _access;
    private readonly FeedSettings _settings;

    private TestFeeds(JournalSettings journal, FeedSettings settings, IAccess access, IDisk disk)
    {
        (_settings, _access) = (settings, access);
        Log = new TestJournal { Settings = journal, Disk = disk };
        Log.Open();
        Connect();
    }

    public ManualTime Time { get; } = new();

    /// <summary>Where feeds work; the pool when it is null.</summary>
    public IFeedLoop? Loop { get; init; }

    public TestJournal Log { get; }

    public Router Router { get; private set; } = null!;

    public FeedTable Table { get; private set; } = null!;

    public string Epoch => Table.Epoch;

    public static TestFeeds Start(FeedSettings? settings = null, int tailEvents = 1 << 15, int segmentBytes = 1 << 20, IAccess? access = null, long maxBytes = 4L << 30, IFeedLoop? loop = null, IDisk? disk = null) => new(
        new JournalSettings { Tail = new TailOptions { MaxEvents = tailEvents }, SegmentBytes = segmentBytes, MaxBytes = maxBytes },
        settings ?? new FeedSettings(),
        access ?? new AllowAll(),
        disk ?? new LocalDisk())
    {
        Loop = loop,
    };

    /// <summary>Publishes and routes.</summary>
    public void Publish(string topic, string payload = "1")
    {
        Append(topic, payload);
        Router.Pump();
    }

    /// <summary>Publishes as long as the log takes it: waits when it is full.</summary>
    public void Append(string topic, string payload)
    {
        var @event = Log.Events.Of(topic, payload);
        while (Log.Journal.TryAppend(@event, out _) == AppendResult.Full)
            Router.Pump();
    }

    public static FeedDefinition Definition(string filters, TimeSpan every = default, string? where = null)
    {
        PayloadCondition? condition = null;
        if (where is not null)
            PayloadCondition.TryParse(where, out condition, out var problem).ShouldBeTrue(problem);
        return new FeedDefinition(new Principal("", null), new FilterSet(filters.Split(',').Select(TopicFilter.Parse)), new JsonLineEncoding(EventFormat.Event, null))
        {
            Every = every,
            Where = condition,
        };
    }

    public TestReader Open(
        string filters = "#",
        FeedStart start = default,
        OverflowPolicy overflow = OverflowPolicy.Gap,
        bool snapshot = false,
        TimeSpan every = default,
        string? where = null,
        int heartbeatSeconds = 0)
    {
        var options = new ReaderOptions { Start = start, Overflow = overflow, Snapshot = snapshot, Heartbeat = TimeSpan.FromSeconds(heartbeatSeconds), Transport = "test" };
        return new TestReader(Table, Definition(filters, every, where), options, Loop);
    }

    /// <summary>As after a stop in order.</summary>
    public async Task RestartAsync()
    {
        Table.Dispose();
        await Log.RestartAsync();
        Connect();
    }

    /// <summary>As after kill -9. On the simulated disk only.</summary>
    public async Task KillAsync()
    {
        Table.Dispose();
        await Log.KillAsync();
        Connect();
    }

    public async ValueTask DisposeAsync()
    {
        Table.Dispose();
        await Log.DisposeAsync();
    }

    private void Connect()
    {
        Log.Journal.ForgetRecovered();
        Router = new Router(Log.Journal, Log.Topics, _access, Time);
        foreach (var block in Log.Journal.ReadNewest(long.MaxValue))
            Router.RememberLatest(block);
        Table = new FeedTable(Log.Journal, Router, Log.Topics, _access, _settings, Time, NullLogger<FeedTable>.Instance);
    }
}
