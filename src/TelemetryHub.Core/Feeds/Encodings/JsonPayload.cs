using System.Text.Json;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>Is a payload JSON?</summary>
internal static class JsonPayload
{
    public static bool IsJson(ReadOnlySpan<byte> payload)
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
