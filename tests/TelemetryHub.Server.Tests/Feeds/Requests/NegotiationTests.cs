using Microsoft.AspNetCore.Http;
using TelemetryHub.Server.Feeds.Requests;

namespace TelemetryHub.Server.Tests.Feeds.Requests;

public class NegotiationTests
{
    [Theory]
    [InlineData("", "Sse")]
    [InlineData("*/*", "Sse")]
    [InlineData("text/*", "Sse")]
    [InlineData("text/event-stream", "Sse")]
    [InlineData("TEXT/Event-Stream;charset=utf-8", "Sse")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Sse")]
    [InlineData("application/json, text/event-stream", "Sse")]
    [InlineData("application/json, text/event-stream;q=0.5", "Poll")]
    [InlineData("application/json", "Poll")]
    [InlineData("application/json, text/plain, */*", "Poll")]
    [InlineData("application/*", "Poll")]
    [InlineData("application/x-ndjson", "Ndjson")]
    [InlineData("application/x-ndjson, application/json;q=0.9", "Ndjson")]
    [InlineData("*/*, text/event-stream;q=0", "Poll")]
    [InlineData("text/html", null)]
    [InlineData("text/event-stream;q=0", null)]
    [InlineData("!!", "Sse")]
    public void The_transport_is_what_the_client_likes_best(string accept, string? transport) =>
        (Negotiation.Choose(Request(("Accept", accept)))?.ToString()).ShouldBe(transport);

    [Theory]
    [InlineData("websocket", "Upgrade", "WebSocket")]
    [InlineData("h2c, WebSocket", "keep-alive, Upgrade", "WebSocket")]
    [InlineData("websocket", "keep-alive", "Sse")]
    [InlineData("h2c", "Upgrade", "Sse")]
    public void An_upgrade_says_it_without_accepting_anything(string upgrade, string connection, string transport) =>
        Negotiation.Choose(Request(("Accept", "*/*"), ("Upgrade", upgrade), ("Connection", connection))).ToString().ShouldBe(transport);

    [Fact]
    public void In_HTTP_1_0_nothing_is_upgraded()
    {
        var context = Request(("Upgrade", "websocket"), ("Connection", "Upgrade"));
        context.Request.Protocol = "HTTP/1.0";

        Negotiation.Choose(context).ShouldBe(FeedTransport.Sse);
    }

    private static DefaultHttpContext Request(params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext { Request = { Method = "GET" } };
        foreach (var (name, value) in headers)
            context.Request.Headers[name] = value;
        return context;
    }
}
