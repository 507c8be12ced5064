using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using TelemetryHub.Core.Feeds.Encodings.Cbor;

namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>Writes answers in the form of a protocol.</summary>
internal static class AnswerWriter
{
    // Nobody puts it into a page as it is, and the messages quote names.
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    public static void Write(IBufferWriter<byte> output, StreamProtocol protocol, in Answer answer)
    {
        if (protocol == StreamProtocol.Json) WriteJson(output, answer);
        else WriteCbor(output, answer);
    }

    private static void WriteJson(IBufferWriter<byte> output, in Answer answer)
    {
        var json = _json ??= new Utf8JsonWriter(output, JsonOptions);
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString("type", answer.Type);
        if (answer.Ref.Length > 0)
        {
            json.WritePropertyName("ref");
            json.WriteRawValue(answer.Ref, skipInputValidation: true);
        }

        foreach (var (name, value) in answer.Fields) json.WriteString(name, value);
        json.WriteEndObject();
        json.Flush();
        json.Reset(Nowhere);
        output.Write("\n"u8);
    }

    private static void WriteCbor(IBufferWriter<byte> output, in Answer answer)
    {
        var hasRef = answer.Ref.Length > 0;
        var cbor = new CborWriter(output);
        cbor.WriteMap(1 + (hasRef ? 1 : 0) + answer.Fields.Length);
        cbor.WriteText("type");
        cbor.WriteText(answer.Type);
        if (hasRef)
        {
            cbor.WriteText("ref");
            cbor.Flush();
            output.Write(answer.Ref);
            cbor = new CborWriter(output);
        }

        foreach (var (name, value) in answer.Fields)
        {
            cbor.WriteText(name);
            cbor.WriteText(value);
        }

        cbor.Flush();
    }

    // The writer outlives the connection whose bytes it wrote, and must not hold it.
    private static IBufferWriter<byte> Nowhere { get; } = new ArrayBufferWriter<byte>();
}
