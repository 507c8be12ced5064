using System.Buffers;
using System.Text;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Core.Feeds.Queries;
using TelemetryHub.Core.Tests.Feeds.Encodings.Cbor;
using TelemetryHub.Mqtt.Tests;

namespace TelemetryHub.Core.Tests.Feeds.Encodings;

public class SelectedFieldsTests
{
    private const string Reading = "{\r\n \"temp\": 21.50,\n \"hum\": 40,\r \"at\": {\n \"x\": 1 } }";

    private static readonly EncodingContext Context = new("e"u8.ToArray(), Fields("temp,at"));
    private static readonly JsonLineEncoding Json = new JsonLineEncoding(EventFormat.Payload, null);
    private static readonly SseEncoding Sse = new SseEncoding(EventFormat.Payload);
    private static readonly CborEncoding Cbor = new CborEncoding(EventFormat.Payload, null);

    [Fact]
    public void Of_an_object_only_the_fields_are_written_that_were_asked_for()
    {
        var line = Text(Json, Reading);
        line.ShouldStartWith("""{"id":"e-5","topic":"plant/1","payload":{"temp":21.50,"at":{""");
        line.ShouldNotContain("hum");
        line.IndexOfAny(['\r', '\n']).ShouldBe(line.Length - 1);
        var payload = line[(line.IndexOf("load\":", StringComparison.Ordinal) + 6)..^2];
        Text(Sse, Reading).ShouldBe($"id: e-5\ndata: {payload}\n\n");
        CborText.Of(Cbor.Bytes(Encoded.Event(Encoding.UTF8.GetBytes(Reading)), Context))
            .ShouldBe($$"""{"id": "e-5", "topic": "plant/1", "payload": h'{{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(payload))}}'}""");
    }

    [Fact]
    public void What_is_no_object_is_written_as_it_came()
    {
        Text(Json, "[1]").ShouldEndWith("\"payload\":[1]}\n");
        Text(Json, "text").ShouldEndWith("\"payload\":\"text\"}\n");
        Text(Json, "").ShouldEndWith("\"payload\":\"\"}\n");
        Text(Sse, "{\n").ShouldBe("id: e-5\ndata: {\ndata: \n\n");
        CborText.Of(Cbor.Bytes(Encoded.Event("{"u8), Context)).ShouldEndWith("\"payload\": h'7b'}");
    }

    [Fact]
    public void A_long_object_is_written_whole_and_the_next_one_too()
    {
        var payload = Encoding.UTF8.GetBytes($$"""{"hum":1,"temp":"{{new string('x', 100_000)}}"}""");
        var narrow = new NarrowWriter(30);
        Json.WriteEvent(narrow, Encoded.Event(payload), Context);
        narrow.Written.ShouldBe(Json.Bytes(Encoded.Event(payload), Context));
        CborText.Of(Cbor.Bytes(Encoded.Event(payload), Context)).Length.ShouldBeGreaterThan(200_000);
        CborText.Of(Cbor.Bytes(Encoded.Event("{\"temp\":1}"u8), Context)).ShouldEndWith($"h'{Convert.ToHexStringLower("{\"temp\":1}"u8)}'}}");
    }

    [Fact]
    public void Nothing_is_allocated_for_them()
    {
        var output = new ArrayBufferWriter<byte>(1 << 16);
        var @event = Encoded.Event(Encoding.UTF8.GetBytes(Reading));
        foreach (var encoding in (IEventEncoding[])[Json, Sse, Cbor])
        {
            AllocatedBytes.ByWarm(() =>
            {
                output.ResetWrittenCount();
                encoding.WriteEvent(output, @event, Context);
            }).ShouldBe(0);
        }
    }

    private static FieldSelection Fields(string text) => FieldSelection.TryParse(text, out var fields, out var problem) ? fields : throw new FormatException(problem);

    private static string Text(IEventEncoding encoding, string payload) => Encoding.UTF8.GetString(encoding.Bytes(Encoded.Event(Encoding.UTF8.GetBytes(payload)), Context));
}
