using System.Text;

namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>
/// Packets written by hand: hex bytes, <c>'text'</c> for its UTF-8 bytes, <c>"text"</c> for the same behind its two-byte length,
/// and <c>..</c> for the remaining length of what follows.
/// </summary>
internal static class PacketScript
{
    public static byte[] Parse(string script)
    {
        var tokens = script.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var bytes = new List<byte>();
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] != "..")
            {
                bytes.AddRange(Token(tokens[i]));
                continue;
            }

            var body = Parse(string.Join(' ', tokens[(i + 1)..]));
            body.Length.ShouldBeLessThan(128);
            return [.. bytes, (byte)body.Length, .. body];
        }

        return [.. bytes];
    }

    private static byte[] Token(string token) => token[0] switch
    {
        '\'' => Encoding.UTF8.GetBytes(token[1..^1]),
        '"' => [0, (byte)(token.Length - 2), .. Encoding.UTF8.GetBytes(token[1..^1])],
        _ => Convert.FromHexString(token),
    };
}
