using System.Buffers.Binary;
using System.Text;
using TelemetryHub.Server.Feeds.WebSockets.Frames;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets.Frames;

/// <summary>Reads a server's frames, which must all be there.</summary>
internal static class ServerFrames
{
    /// <summary>"Text …", "Binary 0102", "Ping", "Close 1000".</summary>
    public static List<string> Read(ReadOnlySpan<byte> bytes)
    {
        var frames = new List<string>();
        while (!bytes.IsEmpty)
        {
            var opcode = (Opcode)(bytes[0] & 0x0F);
            (bytes[0] & 0xF0, bytes[1] & 0x80).ShouldBe((0x80, 0));
            var length = bytes[1] switch { 126 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), 127 => (int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]), var few => few };
            bytes = bytes[FrameWriter.HeaderBytes(length)..];
            frames.Add(Show(opcode, bytes[..length]));
            bytes = bytes[length..];
        }

        return frames;
    }

    private static string Show(Opcode opcode, ReadOnlySpan<byte> payload) => opcode switch
    {
        Opcode.Text => $"Text {Encoding.UTF8.GetString(payload)}",
        Opcode.Close when payload.Length >= 2 => $"Close {BinaryPrimitives.ReadUInt16BigEndian(payload)}",
        _ => $"{opcode} {Convert.ToHexString(payload)}".TrimEnd(),
    };
}
