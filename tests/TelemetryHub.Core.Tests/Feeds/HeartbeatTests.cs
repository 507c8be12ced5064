using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public class HeartbeatTests
{
    [Fact]
    public async Task Nothing_written_for_the_time_makes_a_heartbeat_and_so_does_the_same_time_after_that()
    {
        await using var feeds = TestFeeds.Start(loop: new InlineLoop());
        using var reader = feeds.Open("a", heartbeatSeconds: 2);
        Types(reader).ShouldBe(["cursor"]); // its first cursor
        feeds.Publish("a");
        Types(reader).ShouldBe(["event"]);

        Seconds(feeds, reader, 7).ShouldBe(["", "", "cursor", "", "cursor", "", "cursor"]);
    }

    [Fact]
    public async Task A_reader_that_is_written_to_more_often_gets_none()
    {
        await using var feeds = TestFeeds.Start(loop: new InlineLoop());
        using var reader = feeds.Open("a", heartbeatSeconds: 1);
        Types(reader);

        for (var second = 0; second < 3; second++)
        {
            feeds.Publish("a");
            Types(reader).ShouldBe(["event"]);
            Seconds(feeds, reader, 1).ShouldBe([""]);
        }
    }

    private static List<string> Seconds(TestFeeds feeds, TestReader reader, int seconds)
    {
        var each = new List<string>();
        for (var second = 0; second < seconds; second++)
        {
            feeds.Time.AdvanceSeconds(1);
            each.Add(string.Join(' ', Types(reader)));
        }
        return each;
    }

    private static List<string> Types(TestReader reader) => [.. reader.TakeRaw().Select(TestReader.TypeOf)];
}
