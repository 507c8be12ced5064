using Microsoft.AspNetCore.Http;
using TelemetryHub.Server.Feeds.WebSockets;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets;

public class HandshakeTests
{
    [Fact]
    public void The_key_is_answered_as_in_the_specification()
    {
        var context = Request();
        WebSocketHandshake.TryRead(context, out var handshake, out _).ShouldBeTrue();
        handshake.Protocol.ShouldBe(StreamProtocol.Json);
        handshake.Set(context.Response);
        var headers = context.Response.Headers;
        context.Response.StatusCode.ShouldBe(101);
        headers.SecWebSocketAccept.ToString().ShouldBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); // RFC 6455 §1.3
        headers.Upgrade.ToString().ShouldBe("websocket");
        headers.Connection.ToString().ShouldBe("Upgrade");
        headers.SecWebSocketProtocol.Count.ShouldBe(0);
        headers.SecWebSocketExtensions.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("telemetryhub.v1", "telemetryhub.v1")]
    [InlineData("telemetryhub.v1.cbor", "telemetryhub.v1.cbor")]
    [InlineData("other, telemetryhub.v1.cbor, telemetryhub.v1", "telemetryhub.v1.cbor")]
    [InlineData("telemetryhub.v1,telemetryhub.v1.cbor", "telemetryhub.v1")]
    public void The_first_subprotocol_that_is_known_is_chosen(string offered, string chosen)
    {
        var context = Request();
        context.Request.Headers.SecWebSocketProtocol = offered;
        WebSocketHandshake.TryRead(context, out var handshake, out _).ShouldBeTrue();
        handshake.Set(context.Response);
        context.Response.Headers.SecWebSocketProtocol.ToString().ShouldBe(chosen);
        handshake.Protocol.ShouldBe(chosen == WebSocketHandshake.CborName ? StreamProtocol.Cbor : StreamProtocol.Json);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Version", "8", 426)]
    [InlineData("Sec-WebSocket-Version", "", 426)]
    [InlineData("Sec-WebSocket-Key", "c2hvcnQ=", 400)]
    [InlineData("Sec-WebSocket-Key", "not base64 at all!!!!!!!", 400)]
    [InlineData("Sec-WebSocket-Key", "", 400)]
    [InlineData("Sec-WebSocket-Protocol", "mqtt, TELEMETRYHUB.V1", 400)]
    public void A_handshake_that_is_wrong_is_refused_with_the_header_to_blame(string header, string value, int status)
    {
        var context = Request();
        context.Request.Headers[header] = value;
        WebSocketHandshake.TryRead(context, out _, out var refusal).ShouldBeFalse();
        (refusal.Status, refusal.Parameter).ShouldBe((status, header));
        if (status == 426) context.Response.Headers.SecWebSocketVersion.ToString().ShouldBe("13");
    }

    private static DefaultHttpContext Request()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.SecWebSocketVersion = "13";
        context.Request.Headers.SecWebSocketKey = "dGhlIHNhbXBsZSBub25jZQ==";
        return context;
    }
}
