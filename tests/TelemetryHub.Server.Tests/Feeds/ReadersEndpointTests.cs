using System.Text.Json;
using TelemetryHub.Server.Tests.Feeds.Streams;

namespace TelemetryHub.Server.Tests.Feeds;

public class ReadersEndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_are_listed_under_the_feed_that_they_share()
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client();
        using var first = await SseClient.OpenAsync(client, "/events?topic=b&topic=a/%23&every=1s&where=temp>30&fields=temp&overflow=replay");
        using var second = await SseClient.OpenAsync(client, "/events?topic=a/%23&topic=b&every=1s&where=temp>30&fields=temp&format=event");
        using var other = await SseClient.OpenAsync(client, "/events?topic=c&format=payload");
        await first.NextCursorAsync();
        await second.NextCursorAsync();
        await other.NextCursorAsync();

        using var json = JsonDocument.Parse(await client.GetStringAsync("/api/readers", Cancel));
        json.RootElement.GetProperty("readers").GetInt32().ShouldBe(3);
        var feeds = json.RootElement.GetProperty("feeds").EnumerateArray().OrderByDescending(feed => feed.GetProperty("readers").GetArrayLength()).ToList();
        feeds.Count.ShouldBe(2);
        feeds[0].GetProperty("topics").EnumerateArray().Select(topic => topic.GetString()).ShouldBe(["a/#", "b"]);
        feeds[0].GetProperty("every").GetString().ShouldBe("1s");
        feeds[0].GetProperty("where").GetString().ShouldBe("temp>30");
        feeds[0].GetProperty("fields").GetString().ShouldBe("temp");
        feeds[0].GetProperty("format").GetString().ShouldBe("event");
        feeds[0].GetProperty("readers").EnumerateArray().Select(reader => reader.GetProperty("overflow").GetString()).ShouldBe(["replay", "gap"], ignoreOrder: true);
        var reader = feeds[1].GetProperty("readers")[0];
        feeds[1].GetProperty("format").GetString().ShouldBe("payload");
        reader.GetProperty("transport").GetString().ShouldBe("sse");
        reader.GetProperty("remote").GetString()!.ShouldStartWith("127.0.0.1:");
        reader.GetProperty("position").GetString().ShouldBe(other.LastEventId);
        reader.GetProperty("behind").GetInt64().ShouldBe(0);
        reader.GetProperty("missed").EnumerateObject().ShouldBeEmpty();
    }
}
