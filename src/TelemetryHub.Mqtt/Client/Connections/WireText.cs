namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>Text and bytes of the application on their way to the wire, where a string has rules and 65,535 bytes are the most.</summary>
internal static class WireText
{
    public static byte[] Encode(string text, string name)
    {
        if (Utf8Text.TryEncode(text, out var utf8) && utf8.Length <= Utf8Text.MaxBytes && !utf8.Contains((byte)0))
            return utf8;
        throw new ArgumentException("Text on the wire is at most 65,535 bytes of UTF-8 without U+0000.", name);
    }

    public static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> binary, string name) =>
        binary.Length <= ushort.MaxValue ? binary : throw new ArgumentException("At most 65,535 bytes fit.", name);
}
