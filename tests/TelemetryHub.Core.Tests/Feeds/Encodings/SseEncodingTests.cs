using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Encodings;

namespace TelemetryHub.Core.Tests.Feeds.Encodings;

public class SseEncodingTests
{
    private static readonly SseEncoding Envelopes = new(EventFormat.Event);
    private static readonly SseEncoding Payloads = new(EventFormat.Payload);

    [Fact]
    public void An_event_is_its_cursor_and_its_envelope() =>
        Envelopes.Text("21.5"u8).ShouldBe(
            "id: k3v9q0a7m2xz-5\n"
            + """data: {"topic":"plant/1","time":"2026-01-31T12:00:00.007Z","qos":1,"retain":true,"client":"oven-3","payload":21.5}"""
            + "\n\n");

    [Theory]
    [InlineData("21.5", "data: 21.5\n\n")]
    [InlineData("", "data: \n\n")]
    [InlineData(" x", "data:  x\n\n")]
    [InlineData("a\rb\nc\r\nd\n\re", "data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\n\n")]
    [InlineData("\n", "data: \ndata: \n\n")]
    [InlineData("{\"a\":\r\n1}", "data: {\"a\":\ndata: 1}\n\n")]
    public void A_payload_alone_is_split_where_a_line_ends(string payload, string expected) =>
        Payloads.Text(Encoding.UTF8.GetBytes(payload)).ShouldBe("id: k3v9q0a7m2xz-5\n" + expected);

    [Fact]
    public void A_payload_alone_that_is_no_text_is_base64() =>
        Payloads.Text([0xFF, 0x0A]).ShouldBe("id: k3v9q0a7m2xz-5\ndata: /wo=\n\n");

    [Fact]
    public void A_browser_gets_any_payload_with_its_cursor() =>
        Prop.ForAll(Encoded.AnyPayload, payload => Message(Payloads, payload).Data.ShouldBe(Lines(payload))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_browser_gets_any_envelope_as_one_line_of_json() =>
        Prop.ForAll(Encoded.AnyPayload, payload =>
        {
            var data = Message(Envelopes, payload).Data;
            data.ShouldNotContain('\n');
            JsonDocument.Parse(data).RootElement.ShouldCarry(payload);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_the_hub_says_is_an_event_with_a_name()
    {
        var context = Encoded.Context;
        var gap = new Gap(5, 1, 6, MissedReason.Slow);
        Encoded.Text(to => Envelopes.WriteGap(to, gap, context)).ShouldBe(
            """
            id: k3v9q0a7m2xz-6
            event: gap
            data: {"missed":5,"from":"k3v9q0a7m2xz-1","to":"k3v9q0a7m2xz-6","reason":"slow"}


            """);
        Encoded.Text(to => Envelopes.WriteGap(to, gap with { Missed = null }, context)).ShouldContain("{\"missed\":null,");
        Encoded.Text(to => Envelopes.WriteReset(to, ResetReason.Epoch, 9, context))
            .ShouldBe("id: k3v9q0a7m2xz-9\nevent: reset\ndata: {\"reason\":\"epoch\"}\n\n");
        Encoded.Text(to => Payloads.WriteSnapshotEnd(to, 9, context)).ShouldBe("id: k3v9q0a7m2xz-9\nevent: snapshot-end\ndata: {}\n\n");
        Encoded.Text(to => Payloads.WriteBye(to, ByeReason.BadRequest, context)).ShouldBe("event: bye\ndata: {\"reason\":\"bad-request\"}\n\n");
    }

    [Fact]
    public void A_heartbeat_moves_the_cursor_and_is_not_seen()
    {
        var stream = Encoded.Text(to => Envelopes.WriteCursor(to, 9, Encoded.Context));
        stream.ShouldBe("id: k3v9q0a7m2xz-9\n\n");
        var parser = SseParser.Read(Encoding.UTF8.GetBytes(stream));
        parser.Messages.ShouldBeEmpty();
        parser.LastEventId.ShouldBe("k3v9q0a7m2xz-9");
    }

    private static SseMessage Message(SseEncoding encoding, byte[] payload)
    {
        var parser = SseParser.Read([.. encoding.Bytes(Encoded.Event(payload)), .. "data: next\n\n"u8]);
        parser.SawGarbage.ShouldBeFalse();
        parser.Messages.Count.ShouldBe(2);
        parser.Messages[1].Data.ShouldBe("next");
        parser.Messages[0].Type.ShouldBe("message");
        parser.Messages[0].LastEventId.ShouldBe("k3v9q0a7m2xz-5");
        return parser.Messages[0];
    }

    private static string Lines(byte[] payload) => Utf8.IsValid(payload)
        ? Encoding.UTF8.GetString(payload).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')
        : Convert.ToBase64String(payload);
}
