using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using TelemetryHub.Core.Events;

namespace TelemetryHub.Server.Events;

/// <summary>
/// An event as JSON: <c>{"id","topic","time","qos","retain","client","payload"[,"encoding"]}</c>. A payload that is JSON stands as JSON, other
/// UTF-8 as a string, the rest as base64 with <c>"encoding":"base64"</c>. It is one line whatever is in it.
/// </summary>
internal static class EventEnvelope
{
    /// <summary>For the writer that is given to <see cref="Write"/>: the reader is a program, '&lt;' and 'ü' may stay what they are.</summary>
    public static JsonWriterOptions Options { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="epoch">The name of the log; with the sequence it is the event's id.</param>
    /// <param name="event">The event.</param>
    public static void Write(Utf8JsonWriter json, string epoch, Event @event)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, string.Create(CultureInfo.InvariantCulture, $"{epoch}-{@event.Sequence}"));
        json.WriteString("topic"u8, @event.Topic.Name.Utf8);
        json.WriteString("time"u8, Time(@event.Time));
        json.WriteNumber("qos"u8, (int)@event.QoS);
        json.WriteBoolean("retain"u8, @event.Retain);
        json.WriteString("client"u8, @event.Publisher.ClientId);
        WritePayload(json, @event.Payload);
        json.WriteEndObject();
    }

    /// <summary>RFC 3339 with milliseconds.</summary>
    internal static string Time(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void WritePayload(Utf8JsonWriter json, byte[] payload)
    {
        if (!Utf8.IsValid(payload))
        {
            json.WriteBase64String("payload"u8, payload);
            json.WriteString("encoding"u8, "base64"u8);
        }
        else if (IsJson(payload))
        {
            json.WritePropertyName("payload"u8);
            WriteInOneLine(json, payload);
        }
        else
        {
            json.WriteString("payload"u8, payload);
        }
    }

    private static void WriteInOneLine(Utf8JsonWriter json, byte[] payload)
    {
        if (payload.AsSpan().IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            json.WriteRawValue(payload, skipInputValidation: true);
            return;
        }

        // In JSON they only stand between tokens, where a blank does as well.
        var line = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(line, 0);
        var bytes = line.AsSpan(0, payload.Length);
        bytes.Replace((byte)'\r', (byte)' ');
        bytes.Replace((byte)'\n', (byte)' ');
        json.WriteRawValue(bytes, skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(line);
    }

    private static bool IsJson(ReadOnlySpan<byte> payload)
    {
        if (!MayBeJson(payload.TrimStart(" \t\r\n"u8)))
            return false;

        try
        {
            var reader = new Utf8JsonReader(payload);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false; // the reader has no other way to say so
        }
    }

    // An exception costs as much as a thousand events, and most text gives itself away by its first letter.
    private static bool MayBeJson(ReadOnlySpan<byte> text) => text switch
    {
        [] => false,
        [(byte)'t', ..] => text.StartsWith("true"u8),
        [(byte)'f', ..] => text.StartsWith("false"u8),
        [(byte)'n', ..] => text.StartsWith("null"u8),
        [var first, ..] => "{[\"-0123456789"u8.Contains(first),
    };
}
