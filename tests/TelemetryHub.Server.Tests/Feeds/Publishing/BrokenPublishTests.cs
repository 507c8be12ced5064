using System.Net;
using TelemetryHub.Server.Tests.Http.Transport;

namespace TelemetryHub.Server.Tests.Feeds.Publishing;

public class BrokenPublishTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_publisher_that_vanishes_in_the_middle_is_no_error_and_what_came_is_published(bool isReset)
    {
        await using var hub = await FeedHub.StartAsync(); // fails the test when it logs an error
        for (var i = 0; i < 8; i++) // the web server sees a reset in one of two places first
            await VanishAsync(hub, $"a/{i}", isReset);
        await hub.StopAsync(); // waits for the ends of the requests
    }

    private static async Task VanishAsync(FeedHub hub, string topic, bool isReset)
    {
        await using var publisher = await RawClient.ConnectAsync(IPEndPoint.Parse(hub.Http.Authority));
        await publisher.SendAsync(
            "POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000\r\n\r\n"
            + $"{{\"topic\":\"{topic}\",\"payload\":1}}\n{{\"to");
        using var reader = hub.Client();
        reader.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        (await reader.GetStringAsync($"/events?topic={topic}&since=earliest&wait=1m", RawClient.Cancel)).ShouldContain("\"payload\":1");

        if (isReset)
            publisher.Reset();
        else
            publisher.Finish();
    }
}
