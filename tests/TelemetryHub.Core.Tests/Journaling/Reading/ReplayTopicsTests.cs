using System.Text;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Routing;
using TelemetryHub.Core.Tests.Events;
using TelemetryHub.Core.Tests.Routing;

namespace TelemetryHub.Core.Tests.Journaling.Reading;

/// <summary>Reading what was long ago leaves what is now alone.</summary>
public sealed class ReplayTopicsTests
{
    private const int OldTopics = 100_000;

    [Fact]
    public void A_replay_of_many_old_topics_leaves_those_in_use_as_they_are()
    {
        var log = new SampleLog();
        var segment = log.Begin();
        segment.Batch(Enumerable.Range(0, OldTopics).Select(i => segment.Make($"old/{i}", "")));
        log.End(segment, indexed: true);
        var topics = new TopicTable(100_000); // room for some hundred
        var (once, live) = (topics.Get("once"u8), new List<Topic>());
        topics.SetLatest(once, new SampleEvents(topics).Of("once"));
        for (var i = 0; i < 200; i++)
        {
            live.Add(topics.Get(Encoding.UTF8.GetBytes($"live/{i}")));
            topics.SetLatest(live[i], new SampleEvents(topics).Of($"live/{i}"));
        }
        var (count, evicted, current, latest) = (topics.Count, topics.Evicted, live.ConvertAll(topics.IsCurrent), live.ConvertAll(topic => topic.Latest));
        evicted.ShouldBe(0);
        topics.IsCurrent(once).ShouldBeFalse("it is of the older generation, the next to go");

        using var reader = new JournalReader(log.Segments, topics, JournalStart.Oldest);
        var read = SampleLog.ReadAll(reader, 512);

        read.Count.ShouldBe(OldTopics);
        read[4711].Event!.Topic.Name.ToString().ShouldBe("old/4711");
        (topics.Count, topics.Evicted).ShouldBe((count, evicted));
        live.ConvertAll(topics.IsCurrent).ShouldBe(current);
        live.ConvertAll(topic => topic.Latest).ShouldBe(latest);
        topics.IsCurrent(once).ShouldBeFalse();
        once.Latest.ShouldNotBeNull();
    }

    [Fact]
    public void A_topic_that_is_in_use_is_the_one_of_the_table_from_then_on()
    {
        var log = new SampleLog();
        var segment = log.Begin();
        log.End(segment.Batch([segment.Make("t"), segment.Make("t"), segment.Make("t")]), indexed: false);
        var topics = new TopicTable(1 << 20);
        using var reader = new JournalReader(log.Segments, topics, JournalStart.Oldest);
        var read = new Event[3];
        reader.Read(read.AsSpan(0, 2)).ShouldBe(2);
        read[1].Topic.ShouldBeSameAs(read[0].Topic);
        topics.Count.ShouldBe(0);

        var topic = topics.Get("t"u8);
        reader.Read(read).ShouldBe(1);

        read[0].Topic.ShouldBeSameAs(topic);
    }

    [Fact]
    public void What_is_routed_again_after_a_start_sets_the_latest_value_of_the_topic_in_use()
    {
        var log = new SampleLog();
        var segment = log.Begin();
        log.End(segment.Batch([segment.Make("t", "again")]), indexed: false);
        var hub = new RouterUnderTest();
        using var reader = new JournalReader(log.Segments, hub.Topics, JournalStart.Oldest);
        var read = new Event[1];
        reader.Read(read).ShouldBe(1);

        hub.Router.RouteAgain(read);

        hub.Topics.Get("t"u8).Latest.ShouldBeSameAs(read[0]);
        read[0].Topic.Latest.ShouldBeNull();
    }
}
