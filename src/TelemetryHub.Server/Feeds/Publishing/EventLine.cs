using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;
using TelemetryHub.Server.Feeds.Requests;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>
/// A publish as a line of JSON: <c>{"topic":…,"payload":…[,"encoding":"base64"][,"qos":…][,"retain":…]}</c>. A payload that is a string is published as
/// its text, or as the bytes of which it is the base64; anything else as its JSON. The lines of a stream of the hub are such lines too: what only the hub knows
/// (<c>id</c>, <c>time</c>, <c>client</c>) is passed over, and so are its control lines.
/// </summary>
internal sealed class EventLine
{
    private Range _payload; // where it stands in the line, when it stands there as it is
    private byte[]? _decoded; // otherwise
    private bool _hasPayload, _isText, _isBase64;

    /// <summary>The name as it came.</summary>
    public byte[]? Topic { get; private set; }

    public QoS? QoS { get; private set; }

    public bool? Retain { get; private set; }

    /// <summary>It says something about a stream: not to be published.</summary>
    public bool IsControl { get; private set; }

    /// <summary>The payload, decoded, of the line from which this was read.</summary>
    public ReadOnlySpan<byte> PayloadIn(ReadOnlySpan<byte> line) => _decoded ?? line[_payload];

    /// <summary>Reads a line; false with what is wrong with it, a whole sentence.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out EventLine read, out string? problem)
    {
        read = new EventLine();
        if (!Utf8.IsValid(line))
        {
            problem = "It is not UTF-8.";
            return false;
        }
        try
        {
            var reader = new Utf8JsonReader(line);
            problem = read.ReadObject(ref reader) ?? (read.IsControl ? null : read.Complete(line));
        }
        // The reader has no other way to say so. The first wrong line ends a request.
        catch (Exception garbage) when (garbage is JsonException or InvalidOperationException)
        {
            problem = "It is not JSON.";
        }
        return problem is null;
    }

    private string? ReadObject(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return "It is not an object: {\"topic\":…,\"payload\":…}.";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (ReadMember(name, ref reader) is { } problem)
                return problem;
        }
        reader.Read(); // throws when something follows
        return null;
    }

    private string? ReadMember(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "topic" when reader.TokenType == JsonTokenType.String:
                Topic = Text(ref reader);
                return null;
            case "payload":
                ReadPayload(ref reader);
                return null;
            case "encoding" when reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("base64"u8):
                _isBase64 = true;
                return null;
            case "qos" when reader.TokenType == JsonTokenType.Number && reader.TryGetByte(out var qos) && qos <= 2:
                QoS = (QoS)qos;
                return null;
            case "retain" when reader.TokenType is JsonTokenType.True or JsonTokenType.False:
                Retain = reader.GetBoolean();
                return null;
            case "type":
                IsControl = true;
                reader.Skip();
                return null;
            case "id" or "time" or "client" or "sub" or "missed" or "from" or "to" or "reason":
                reader.Skip();
                return null;
            case "topic" or "encoding" or "qos" or "retain":
                return $"'{name}' has a wrong value.";
            default:
                return $"There is no '{Parameters.Shown(name)}' in a publish.";
        }
    }

    private void ReadPayload(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        (_hasPayload, _isText) = (true, reader.TokenType == JsonTokenType.String);
        _decoded = _isText && reader.ValueIsEscaped ? Text(ref reader) : null;
        reader.Skip();
        var end = (int)reader.BytesConsumed;
        _payload = _isText ? (start + 1)..(end - 1) : start..end;
    }

    private string? Complete(ReadOnlySpan<byte> line)
    {
        if (Topic is null || !TopicName.IsValid(Topic))
            return Topic is null ? "'topic' is missing." : "'topic' is not a topic (plant/oven-3/temp, without '+' and '#').";
        if (!_hasPayload)
            return "'payload' is missing.";
        if (!_isBase64)
            return null;
        if (!_isText)
            return "A payload in base64 is a string.";

        var text = PayloadIn(line);
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(text, bytes, out _, out var written) != OperationStatus.Done)
            return "Its payload is not base64.";
        _decoded = bytes[..written];
        return null;
    }

    private static byte[] Text(ref Utf8JsonReader reader)
    {
        var text = new byte[reader.ValueSpan.Length];
        return text[..reader.CopyString(text)];
    }
}
