using System.Buffers.Binary;
using System.Text;
using TelemetryHub.Server.Feeds.WebSockets.Frames;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets.Frames;

/// <summary>Frames as a client sends them, right or wrong.</summary>
internal static class ClientFrames
{
    private static readonly byte[] Mask = [0x37, 0xFA, 0x21, 0x3D];

    public static byte[] Text(string text) => Frame(Opcode.Text, Encoding.UTF8.GetBytes(text));

    public static byte[] Close(int code, string reason = "")
    {
        var payload = new byte[2 + Encoding.UTF8.GetByteCount(reason)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.GetBytes(reason, payload.AsSpan(2));
        return Frame(Opcode.Close, payload);
    }

    public static byte[] Frame(Opcode opcode, byte[] payload, bool isFinal = true)
    {
        var header = new byte[FrameWriter.MaxHeaderBytes];
        var length = FrameWriter.WriteHeader(header, opcode, payload.Length);
        if (!isFinal) header[0] &= 0x7F;
        header[1] |= 0x80;
        return [.. header[..length], .. Mask, .. payload.Select((value, i) => (byte)(value ^ Mask[i % 4]))];
    }
}
