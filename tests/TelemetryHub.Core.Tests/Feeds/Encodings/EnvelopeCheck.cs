using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace TelemetryHub.Core.Tests.Feeds.Encodings;

/// <summary>Is in a JSON item what was published? Tells JSON from other text by .NET's own parser.</summary>
internal static class EnvelopeCheck
{
    public static void ShouldCarry(this JsonElement item, byte[] payload)
    {
        var written = item.GetProperty("payload");
        item.TryGetProperty("encoding", out var encoding).ShouldBe(!Utf8.IsValid(payload));
        if (encoding.ValueKind == JsonValueKind.String)
        {
            encoding.GetString().ShouldBe("base64");
            written.GetBytesFromBase64().ShouldBe(payload);
            return;
        }
        var text = Encoding.UTF8.GetString(payload);
        if (IsJson(payload))
            written.GetRawText().ShouldBe(text.Replace('\r', ' ').Replace('\n', ' ').Trim(' ', '\t'));
        else
            written.GetString().ShouldBe(text);
    }

    private static bool IsJson(byte[] payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return !payload.AsSpan().StartsWith("\ufeff"u8); // the document skips it, RFC 8259 §8.1 forbids it
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
