using System.Globalization;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.WrongPackets;

/// <summary>One thing that a broker may do in answer to a packet: <c>close</c>, <c>disconnect 81/82</c>, <c>pubcomp 92</c>, …</summary>
public sealed record Answer(string Kind, byte[] Codes)
{
    private static readonly Dictionary<string, byte> FirstBytes = new(StringComparer.Ordinal)
    {
        ["accepted"] = 0x20,
        ["connack"] = 0x20,
        ["pubrel"] = 0x62,
        ["pubcomp"] = 0x70,
        ["suback"] = 0x90,
        ["unsuback"] = 0xB0,
        ["disconnect"] = 0xE0,
    };

    /// <summary>Whether the connection is over after it.</summary>
    public bool Ends => Kind is "close" or "connack" or "disconnect";

    public static Answer Parse(string text)
    {
        var parts = text.Trim().Split(' ');
        if (parts[0] is not ("close" or "open") && !FirstBytes.ContainsKey(parts[0])) throw new FormatException($"No such answer: {text}");
        return new Answer(parts[0], parts.Length == 1 ? [] : [.. parts[1].Split('/').Select(code => byte.Parse(code, NumberStyles.HexNumber))]);
    }

    /// <summary>Whether <paramref name="packet"/> (null: the end of the connection) is this answer.</summary>
    public bool Fits(RawPacket? packet) => Kind switch
    {
        "close" => packet is null,
        "open" => packet is { FirstByte: 0xD0 }, // PINGRESP: the test asks whether it is still served
        "accepted" => packet is { FirstByte: 0x20, Body: [_, 0, ..] },
        _ => packet is not null && packet.FirstByte == FirstBytes[Kind] && FitsCode(packet),
    };

    private bool FitsCode(RawPacket packet)
    {
        if (Codes.Length == 0) return true;
        var code = packet.FirstByte switch
        {
            0x20 => packet.Body[1],
            0xE0 => packet.Body.FirstOrDefault(),
            0x62 or 0x70 => packet.Body.ElementAtOrDefault(2),
            _ => packet.Body[^1],
        };
        return Codes.Contains(code);
    }
}
