using System.Text;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>Times as <c>2026-01-31T12:00:00.007Z</c>.</summary>
internal static class Rfc3339
{
    private const int Length = 24;
    private const int RoundTripLength = 28; // of .NET's format O: seven digits where we want three

    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static void Write(ref ByteOutput output, long unixMilliseconds)
    {
        var room = output.Room(RoundTripLength);
        var time = DateTime.UnixEpoch.AddTicks(Math.Clamp(unixMilliseconds, Earliest, Latest) * TimeSpan.TicksPerMillisecond);
        time.TryFormat(room, out _, "O");
        room[Length - 1] = (byte)'Z';
        output.Advance(Length);
    }

    public static string ToText(long unixMilliseconds)
    {
        var writer = new System.Buffers.ArrayBufferWriter<byte>(RoundTripLength);
        var output = new ByteOutput(writer);
        Write(ref output, unixMilliseconds);
        output.Flush();
        return Encoding.ASCII.GetString(writer.WrittenSpan);
    }
}
