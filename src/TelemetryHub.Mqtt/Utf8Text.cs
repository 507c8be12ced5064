using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace TelemetryHub.Mqtt;

/// <summary>The rule for strings on the wire (§1.5.4): well-formed UTF-8 without U+0000, at most 65,535 bytes.</summary>
internal static class Utf8Text
{
    public const int MaxBytes = ushort.MaxValue;

    public static bool IsValid(ReadOnlySpan<byte> utf8) => !utf8.Contains((byte)0) && Utf8.IsValid(utf8);

    /// <summary>False for text with lone surrogates and for text that is too long for the wire.</summary>
    public static bool TryEncode(string text, [NotNullWhen(true)] out byte[]? utf8)
    {
        utf8 = null;
        if (text.Length > MaxBytes)
            return false;
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        if (Utf8.FromUtf16(text, bytes, out _, out _, replaceInvalidSequences: false) != OperationStatus.Done)
            return false;
        utf8 = bytes;
        return true;
    }
}
