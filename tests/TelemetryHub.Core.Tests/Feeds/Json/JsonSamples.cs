using System.Text;

namespace TelemetryHub.Core.Tests.Feeds.Json;

/// <summary>Texts that are JSON, and ways to damage them. Seeded, so that a failure can be run again.</summary>
internal static class JsonSamples
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "\\n", "-", "0", "1", ".", "e", "E+", "true", "false", "null", " ", "\n", "\t", "\0", "\u00e9", "//", "\ufeff",
    ];

    public static readonly byte[][] Valid = [.. new[]
    {
        "{}", "[]", "0", "-0", "-1.5e+10", "1E400", "\"\"", "true", "false", "null", " 1 ", "\r\n\t[ 1 , 2 ]\n",
        "{\"temp\":21.5,\"hum\":40,\"ok\":true,\"id\":null}",
        "{\"a\":{\"b\":{\"c\":[1,[2,[3,{}]],{\"d\":[]}]}},\"a\":1}",
        "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\",\"\u00e9\U0001F600\",\"\\ud800\"]",
        "{\"\":\"\",\"odd name\":[{\"x\":1},{\"x\":-2e-3}],\"long\":\"" + new string('x', 200) + "\"}",
        new string('[', 60) + new string(']', 60),
        string.Concat(Enumerable.Repeat("{\"a\":", 59)) + "[1]" + new string('}', 59),
    }.Select(Encoding.UTF8.GetBytes)];

    public static byte[] Damaged(Random random)
    {
        var bytes = Valid[random.Next(Valid.Length)].ToList();
        for (var times = random.Next(4); times >= 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(4, bytes.Count - at) + 1));
                    break;
                case 2 when at < bytes.Count:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(1, bytes.Count - at + 1)));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
            }
        }
        return [.. bytes];
    }
}
