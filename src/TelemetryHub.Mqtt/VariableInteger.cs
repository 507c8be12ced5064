using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Mqtt;

/// <summary>The variable byte integer (§1.5.5 in MQTT 5, §2.2.3 in 3.1.1): seven bits per byte, least first, four bytes at most.</summary>
internal static class VariableInteger
{
    public const uint Max = 268_435_455;

    public static int Size(uint value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => 4,
    };

    /// <summary>Reads as many bytes as there are; <paramref name="size"/> may be more than the value needs.</summary>
    public static ReadStatus TryRead(ReadOnlySpan<byte> bytes, out uint value, out int size)
    {
        value = 0;
        for (size = 0; size < 4;)
        {
            if (size == bytes.Length)
                return ReadStatus.NeedMore;
            var next = bytes[size];
            value |= (next & 0x7Fu) << (7 * size);
            size++;
            if (next < 0x80)
                return ReadStatus.Complete;
        }

        return ReadStatus.Malformed;
    }

    public static int Write(Span<byte> target, uint value)
    {
        var size = 0;
        for (; value >= 0x80; value >>= 7)
            target[size++] = (byte)(value | 0x80);
        target[size++] = (byte)value;
        return size;
    }
}
