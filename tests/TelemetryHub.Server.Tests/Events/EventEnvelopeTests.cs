using System.Buffers;
using System.Text;
using System.Text.Json;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;
using TelemetryHub.Server.Events;

namespace TelemetryHub.Server.Tests.Events;

public class EventEnvelopeTests
{
    [Fact]
    public void An_event_tells_what_when_and_from_whom() =>
        Write("plant/ö/\"1\"", "21.5"u8).ShouldBe(
            """{"id":"k3v9q0a7m2xz-0","topic":"plant/ö/\"1\"","time":"2026-01-31T12:00:00.007Z","qos":1,"retain":true,"client":"oven-3","payload":21.5}""");

    [Theory]
    [InlineData("""{"a": [1, 2.50, "x"]}""", """{"a": [1, 2.50, "x"]}""")]
    [InlineData("{\r\n  \"a\": 1\n}", "{    \"a\": 1 }")]
    [InlineData(" true ", " true ")]
    [InlineData("null", "null")]
    [InlineData("-1e400", "-1e400")]
    [InlineData("\"text\"", "\"text\"")]
    public void A_payload_that_is_json_stands_as_it_came_but_in_one_line(string payload, string expected) =>
        Payload(Encoding.UTF8.GetBytes(payload)).ShouldBe($"\"payload\":{expected}}}");

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
    [InlineData("two\nlines\r\u2028")]
    [InlineData("\ufeff1")]
    public void Other_text_is_a_string(string payload)
    {
        var line = Write("t", Encoding.UTF8.GetBytes(payload));

        line.ShouldNotContain('\n');
        JsonDocument.Parse(line).RootElement.GetProperty("payload").GetString().ShouldBe(payload);
    }

    [Fact]
    public void A_payload_that_is_nested_too_deeply_is_a_string()
    {
        var payload = new string('[', 100) + new string(']', 100);

        JsonDocument.Parse(Write("t", Encoding.UTF8.GetBytes(payload))).RootElement.GetProperty("payload").GetString().ShouldBe(payload);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0x00 }, "/wA=")]
    [InlineData(new byte[] { (byte)'"', 0xC3, (byte)'"' }, "IsMi")]
    public void Bytes_are_base64_and_say_so(byte[] payload, string expected) =>
        Payload(payload).ShouldBe($"\"payload\":\"{expected}\",\"encoding\":\"base64\"}}");

    private static string Payload(byte[] payload)
    {
        var line = Write("t", payload);
        return line[line.IndexOf("\"payload\"", StringComparison.Ordinal)..];
    }

    private static string Write(string topic, ReadOnlySpan<byte> payload)
    {
        var @event = new Event
        {
            Topic = new TopicTable(1 << 20).Get(TopicName.Parse(topic)),
            Payload = payload.ToArray(),
            Publisher = new Principal("oven-3", null),
            Time = new DateTimeOffset(2026, 1, 31, 12, 0, 0, 7, TimeSpan.Zero).ToUnixTimeMilliseconds(),
            QoS = QoS.AtLeastOnce,
            Retain = true,
        };
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, EventEnvelope.Options))
            EventEnvelope.Write(json, "k3v9q0a7m2xz", @event);

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
