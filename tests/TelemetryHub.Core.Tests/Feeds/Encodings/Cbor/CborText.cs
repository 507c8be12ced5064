using System.Globalization;
using System.Text;
using TelemetryHub.Core.Feeds.Encodings.Cbor;

namespace TelemetryHub.Core.Tests.Feeds.Encodings.Cbor;

/// <summary>CBOR in the diagnostic notation of RFC 8949 §8, without tags, as the reader tells it; <c>broken</c> at its end when it is.</summary>
internal static class CborText
{
    public static string Of(ReadOnlySpan<byte> cbor)
    {
        var reader = new CborReader(cbor);
        var text = new StringBuilder();
        Items(ref reader, text, pairs: false);
        return reader.IsBroken ? $"{text}broken" : text.ToString();
    }

    private static void Items(ref CborReader reader, StringBuilder text, bool pairs)
    {
        for (var i = 0; reader.MoveNext(); i++)
        {
            if (i > 0)
                text.Append(pairs && i % 2 == 1 ? ": " : ", ");
            Item(ref reader, text);
        }
    }

    private static void Item(ref CborReader reader, StringBuilder text)
    {
        if (reader.TryReadInteger(out var integer))
            text.Append(integer);
        else if (reader.TryReadNumber(out var number))
            text.Append(number.ToString("R", CultureInfo.InvariantCulture));
        else if (reader.TryReadText(out var utf8))
            text.Append('"').Append(Encoding.UTF8.GetString(utf8)).Append('"');
        else if (reader.TryReadBytes(out var bytes))
            text.Append("h'").Append(Convert.ToHexStringLower(bytes)).Append('\'');
        else if (reader.TryReadBool(out var value))
            text.Append(value ? "true" : "false");
        else if (reader.TryReadNull())
            text.Append("null");
        else if (reader.TryReadArray())
            Enclosed(ref reader, text, '[', ']');
        else if (reader.TryReadMap())
            Enclosed(ref reader, text, '{', '}');
        else if (reader.TrySkip())
            text.Append("simple");
    }

    private static void Enclosed(ref CborReader reader, StringBuilder text, char open, char close)
    {
        text.Append(open);
        Items(ref reader, text, close == '}');
        text.Append(close);
    }
}
