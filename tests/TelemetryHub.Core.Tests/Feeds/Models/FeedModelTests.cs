using System.Globalization;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds.Models;

/// <summary>Random publishing, reading, stalling, cutting off, coming back and restarting, against a model of what each reader must see.</summary>
public sealed class FeedModelTests
{
    private const int Seeds = 40;
    private const int Steps = 250;

    private static readonly string[] Filters = ["#", "t/#", "t/1,t/3,u/+", "t/2", "+/0,u/#,u/2"];

    [Fact]
    public async Task Every_reader_sees_what_it_was_promised()
    {
        var first = int.Parse(Environment.GetEnvironmentVariable("FEED_SEED") ?? "1", CultureInfo.InvariantCulture);
        for (var seed = first; seed < first + Seeds; seed++)
        {
            try
            {
                await RunAsync(new Random(seed));
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}: {error.Message}", error);
            }
        }
    }

    private static async Task RunAsync(Random random)
    {
        var loop = new QueuedLoop();
        var settings = new FeedSettings { RingBytes = 8 << 10, MaxWaitingEvents = random.Next(2) == 0 ? 60 : 10_000 };
        await using var feeds = TestFeeds.Start(settings, tailEvents: 256, segmentBytes: 64 << 10, loop: loop);
        var log = new List<PublishedEvent>();
        var readers = new List<(ReaderModel Model, TestReader Reader)>();
        for (var step = 0; step < Steps; step++)
            await StepAsync(random, feeds, loop, log, readers);

        await FinishAsync(feeds, loop, log, readers);
        feeds.Table.FeedCount.ShouldBe(0);
        feeds.Router.SubscriptionCount.ShouldBe(0);
    }

    private static async Task StepAsync(Random random, TestFeeds feeds, QueuedLoop loop, List<PublishedEvent> log, List<(ReaderModel Model, TestReader Reader)> readers)
    {
        var at = readers.Count == 0 ? -1 : random.Next(readers.Count);
        switch (random.Next(20))
        {
            case < 6:
                for (var count = random.Next(1, random.Next(4) == 0 ? 120 : 20); count > 0; count--)
                    Publish(feeds, log, $"{(random.Next(2) == 0 ? "t" : "u")}/{random.Next(5)}", random.Next(100));
                break;
            case < 9:
                loop.Step();
                break;
            case < 11:
                loop.Run();
                break;
            case < 12:
                feeds.Time.AdvanceSeconds(random.NextDouble() * 3);
                break;
            case < 16 when at >= 0:
                for (var fills = random.Next(1, 4); fills > 0 && !readers[at].Model.HasEnded; fills--)
                    readers[at].Reader.TakeRaw().ForEach(readers[at].Model.Take);
                break;
            case < 17 when at >= 0:
                readers[at].Reader.Dispose();
                readers[at] = (readers[at].Model, readers[at].Model.Open(feeds, fromEarliest: false));
                break;
            case < 19 when readers.Count < 8:
                var model = NewModel(random, log);
                readers.Add((model, model.Open(feeds, fromEarliest: random.Next(2) == 0)));
                break;
            case 19 when random.Next(10) == 0:
                readers.ForEach(reader => reader.Reader.Dispose());
                loop.Run();
                await feeds.RestartAsync();
                for (var i = 0; i < readers.Count; i++)
                    readers[i] = (readers[i].Model, readers[i].Model.Open(feeds, fromEarliest: false));
                break;
            default:
                await Task.Yield();
                break;
        }
    }

    private static ReaderModel NewModel(Random random, List<PublishedEvent> log) => new(
        Filters[random.Next(Filters.Length)],
        leastValue: random.Next(3) == 0 ? 50 : 0,
        every: random.Next(3) == 0 ? TimeSpan.FromSeconds(1) : TimeSpan.Zero,
        (OverflowPolicy)random.Next(4),
        withSnapshot: random.Next(4) == 0,
        log);

    private static void Publish(TestFeeds feeds, List<PublishedEvent> log, string topic, int value)
    {
        var @event = new PublishedEvent(feeds.Log.Journal.Next, topic, value);
        log.Add(@event);
        feeds.Publish(topic, @event.Payload);
    }

    // Everybody reads to the end.
    private static async Task FinishAsync(TestFeeds feeds, QueuedLoop loop, List<PublishedEvent> log, List<(ReaderModel Model, TestReader Reader)> readers)
    {
        foreach (var topic in new[] { "u/0", "t/1", "t/2" })
            Publish(feeds, log, topic, 99);
        for (var round = 0; round < 3; round++)
        {
            loop.Run();
            feeds.Time.AdvanceSeconds(6);
        }
        loop.Run();
        foreach (var (model, reader) in readers)
        {
            while (!model.HasEnded && model.At < log[^3].Sequence)
                model.Take(await reader.NextItemAsync());
            while (!model.HasEnded && reader.TakeRaw() is { Count: > 0 } more)
                more.ForEach(model.Take);
            if (!model.HasEnded)
                model.MustHaveNewest();
            reader.Dispose();
        }
    }
}
