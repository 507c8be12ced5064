using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Encodings;

namespace TelemetryHub.Core.Tests.Feeds.Encodings;

public class JsonLineEncodingTests
{
    private static readonly JsonLineEncoding Lines = new(EventFormat.Event, null);
    private static readonly JsonLineEncoding Payloads = new(EventFormat.Payload, "a");

    [Fact]
    public void An_event_tells_what_when_and_from_whom() =>
        Encoding.UTF8.GetString(Lines.Bytes(Encoded.Event("21.5"u8, "plant/ö/\"1\""))).ShouldBe(
            """{"id":"k3v9q0a7m2xz-5","topic":"plant/ö/\"1\"","time":"2026-01-31T12:00:00.007Z","qos":1,"retain":true,"client":"oven-3","payload":21.5}""" + "\n");

    [Fact]
    public void An_event_of_a_subscription_tells_which() =>
        new JsonLineEncoding(EventFormat.Event, "a").Text("1"u8).ShouldStartWith("""{"sub":"a","id":"k3v9q0a7m2xz-5","topic":"plant/1","time":""");

    [Theory]
    [InlineData("a", "\"sub\":\"a\",")]
    [InlineData(null, "")]
    public void A_payload_alone_has_its_cursor_and_topic(string? subscription, string expected) =>
        new JsonLineEncoding(EventFormat.Payload, subscription).Text("text"u8)
            .ShouldBe($$"""{{{expected}}"id":"k3v9q0a7m2xz-5","topic":"plant/1","payload":"text"}""" + "\n");

    [Theory]
    [InlineData("""{"a": [1, 2.50, "x"]}""", """{"a": [1, 2.50, "x"]}""")]
    [InlineData("{\r\n  \"a\": 1\n}", "{    \"a\": 1 }")]
    [InlineData(" true ", " true ")]
    [InlineData("null", "null")]
    [InlineData("-1e400", "-1e400")]
    [InlineData("\"text\"", "\"text\"")]
    public void A_payload_that_is_json_stands_as_it_came_but_in_one_line(string payload, string expected) =>
        Payload(Encoding.UTF8.GetBytes(payload)).ShouldBe($"\"payload\":{expected}}}\n");

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("true story")]
    [InlineData("nullable")]
    [InlineData("12 °C")]
    [InlineData("{\"a\":1} and more")]
    [InlineData("{\"a\":1,}")]
    [InlineData("NaN")]
    [InlineData("01")]
    [InlineData("007")]
    [InlineData("1 2")]
    [InlineData("\r\n")]
    [InlineData("two\nlines\r\u2028")]
    [InlineData("\ufeff1")]
    public void Other_text_is_a_string(string payload)
    {
        var line = Lines.Text(Encoding.UTF8.GetBytes(payload));

        line.IndexOf('\n', StringComparison.Ordinal).ShouldBe(line.Length - 1);
        JsonDocument.Parse(line).RootElement.GetProperty("payload").GetString().ShouldBe(payload);
    }

    [Fact]
    public void A_payload_that_is_nested_too_deeply_is_a_string()
    {
        var payload = new string('[', 100) + new string(']', 100);

        JsonDocument.Parse(Lines.Text(Encoding.UTF8.GetBytes(payload))).RootElement.GetProperty("payload").GetString().ShouldBe(payload);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0x00 }, "/wA=")]
    [InlineData(new byte[] { (byte)'"', 0xC3, (byte)'"' }, "IsMi")]
    public void Bytes_are_base64_and_say_so(byte[] payload, string expected) =>
        Payload(payload).ShouldBe($"\"payload\":\"{expected}\",\"encoding\":\"base64\"}}\n");

    [Fact]
    public void Control_characters_do_not_reach_somebodys_terminal() =>
        Payload("\u0000\u001f\u007f\u0080\u009f\u00a0\"\\\b\t\n\f\r"u8.ToArray()).ShouldBe(
            "\"payload\":\"\\u0000\\u001F\\u007F\\u0080\\u009F\u00a0\\\"\\\\\\b\\t\\n\\f\\r\"}\n");

    [Fact]
    public void Any_payload_comes_back() =>
        Prop.ForAll(Encoded.AnyPayload, payload =>
        {
            var line = Lines.Text(payload);
            line.IndexOfAny(['\r', '\n']).ShouldBe(line.Length - 1);
            JsonDocument.Parse(line).RootElement.ShouldCarry(payload);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Long_texts_and_bytes_come_back()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ü😀\"\n°", 10_000)));
        JsonDocument.Parse(Lines.Text(text)).RootElement.ShouldCarry(text);
        byte[] bytes = [.. text, 0xFF];
        JsonDocument.Parse(Lines.Text(bytes)).RootElement.ShouldCarry(bytes);
    }

    [Fact]
    public void Any_client_id_comes_back() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Filter(id => id is not null), id =>
        {
            var client = string.Concat(Enumerable.Repeat(id, 50));
            JsonDocument.Parse(Lines.Bytes(Encoded.Event("1"u8, client: client))).RootElement.GetProperty("client").GetString()
                .ShouldBe(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(client)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_the_hub_says_has_a_type()
    {
        var context = Encoded.Context;
        Encoded.Text(to => Payloads.WriteGap(to, new Gap(5, 1, 6, MissedReason.Slow), context)).ShouldBe(
            """{"type":"gap","sub":"a","id":"k3v9q0a7m2xz-6","missed":5,"from":"k3v9q0a7m2xz-1","to":"k3v9q0a7m2xz-6","reason":"slow"}""" + "\n");
        Encoded.Text(to => Lines.WriteGap(to, new Gap(null, 1, 6, MissedReason.Crashed), context)).ShouldBe(
            """{"type":"gap","id":"k3v9q0a7m2xz-6","missed":null,"from":"k3v9q0a7m2xz-1","to":"k3v9q0a7m2xz-6","reason":"crashed"}""" + "\n");
        Encoded.Text(to => Payloads.WriteReset(to, ResetReason.Epoch, 9, context))
            .ShouldBe("""{"type":"reset","sub":"a","id":"k3v9q0a7m2xz-9","reason":"epoch"}""" + "\n");
        Encoded.Text(to => Payloads.WriteSnapshotEnd(to, 9, context)).ShouldBe("""{"type":"snapshot-end","sub":"a","id":"k3v9q0a7m2xz-9"}""" + "\n");
        Encoded.Text(to => Payloads.WriteCursor(to, 9, context)).ShouldBe("""{"type":"cursor","sub":"a","id":"k3v9q0a7m2xz-9"}""" + "\n");
        Encoded.Text(to => Payloads.WriteBye(to, ByeReason.Shutdown, context)).ShouldBe("""{"type":"bye","sub":"a","reason":"shutdown"}""" + "\n");
    }

    private static string Payload(byte[] payload)
    {
        var line = Lines.Text(payload);
        return line[line.IndexOf("\"payload\"", StringComparison.Ordinal)..];
    }
}
