using System.Text.Json;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Feeds.Browsers;

/// <summary>Chromium's own WebSocket, over HTTP/1.1 and, with TLS, in a stream of HTTP/2.</summary>
public sealed class WebSocketTests(Chromium chromium, FeedFixture fixture) : IClassFixture<FeedFixture>
{
    private HubProcess Hub => fixture.Hub;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_subscribes_publishes_and_is_acknowledged(bool tls)
    {
        var topic = Unique.Topic("page");
        var address = tls ? Hub.Https : Hub.Http;
        await using var window = await chromium.OpenAsync();
        var tab = await Tab.OpenAsync(window, new Uri(address, "health/live"));
        await tab.RunAsync($"talk('w', '{(tls ? "wss" : "ws")}://{address.Authority}/events', 'telemetryhub.v1')");
        (await tab.ToldAsync("w open")).ShouldBe("w open telemetryhub.v1");
        await SendAsync(tab, new { type = "subscribe", @ref = 1, sub = "a", topics = new[] { $"{topic}/#" } });
        await tab.ToldAsync("w {\"type\":\"ack\",\"ref\":1");

        await SendAsync(tab, new { type = "publish", @ref = 2, topic = $"{topic}/x", payload = "from a page" });

        await tab.ToldAsync("w {\"type\":\"ack\",\"ref\":2");
        (await tab.ToldAsync("w {\"sub\":\"a\"")).ShouldContain("\"payload\":\"from a page\"");
        await tab.RunAsync("w.close()");
        (await tab.ToldAsync("w closed")).ShouldBeOneOf("w closed 1005", "w closed 1000"); // without a code there is none to echo
    }

    private static Task<string> SendAsync(Tab tab, object message) => tab.RunAsync($"w.send({JsonSerializer.Serialize(JsonSerializer.Serialize(message))})");
}
