using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Journaling.Reading;

public sealed class NewestEventsTests
{
    [Fact]
    public void What_is_met_first_of_a_topic_is_the_newest_of_it_in_the_log() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var log = SampleLog.Random(seed);
            Dictionary<TopicName, Event> met = [];
            foreach (var block in new NewestEvents(log.Segments, log.Topics).Blocks(long.MaxValue))
            {
                foreach (var @event in block)
                    met.TryAdd(@event.Topic.Name, @event);
            }
            var newest = log.Events.GroupBy(@event => @event.Topic.Name).ToDictionary(events => events.Key, events => events.Max(@event => @event.Sequence));
            met.ToDictionary(pair => pair.Key, pair => pair.Value.Sequence).ShouldBe(newest, ignoreOrder: true);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Theory]
    [InlineData(10, 20_000)]
    [InlineData(1_000_000, 12)]
    public void It_ends_when_enough_has_been_read_and_takes_large_payloads_in_smaller_blocks(int payload, int events)
    {
        var log = new SampleLog();
        var segment = log.Begin();
        log.End(segment.Batch(Enumerable.Range(0, events).Select(i => segment.Make($"t/{i}", new string('x', payload)))), indexed: true);
        var newest = new NewestEvents(log.Segments, log.Topics);

        var block = newest.Blocks(maxBytes: 1).ShouldHaveSingleItem();

        block.Count.ShouldBeLessThan(events / 2);
        block.Sum(@event => (long)@event.Payload.Length).ShouldBeLessThanOrEqualTo(4 << 20);
        block.Max(@event => @event.Sequence).ShouldBe(events);
        newest.Blocks(long.MaxValue).Sum(all => all.Count).ShouldBe(events);
    }
}
