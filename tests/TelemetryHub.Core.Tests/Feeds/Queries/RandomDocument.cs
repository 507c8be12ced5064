using System.Text;

namespace TelemetryHub.Core.Tests.Feeds.Queries;

/// <summary>JSON with names and values that paths and conditions meet often: escaped or not, repeated or not, with white space or without.</summary>
internal static class RandomDocument
{
    private static readonly string[] Names = ["a", "b", "\\u0061", "odd name", "odd\\u0020name", "\u00e9", "\\u00E9", "c"];
    private static readonly string[] Scalars =
    [
        "1", "1.0", "10e-1", "2.5", "2", "-3", "0", "-0", "9007199254740993", "9007199254740992", "9007199254740993.0", "12345678901234567890", "1e400", "\"x\"", "\"\\u0078\"", "\"\"", "\"y\"",
        "\"\u00e9\\\"\"", "\"\\u00e9\\\"\"", "\"\\ud83d\\ude00\"", "true", "false", "null",
    ];

    public static string Any(Random random)
    {
        var text = new StringBuilder();
        Write(text, random, depth: 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Random random, int depth)
    {
        var kind = random.Next(depth < 4 ? 4 + depth : 0, 10);
        if (depth >= 4 || kind >= 8 || (depth == 0 && random.Next(10) == 0))
        {
            text.Append(Scalars[random.Next(Scalars.Length)]);
            return;
        }
        var isObject = kind < 7;
        text.Append(isObject ? '{' : '[');
        var count = random.Next(6);
        for (var i = 0; i < count; i++)
        {
            Space(text, random);
            if (isObject)
                text.Append('"').Append(Names[random.Next(Names.Length)]).Append("\":");
            Space(text, random);
            Write(text, random, depth + 1);
            if (i < count - 1)
                text.Append(',');
        }
        Space(text, random);
        text.Append(isObject ? '}' : ']');
    }

    private static void Space(StringBuilder text, Random random)
    {
        if (random.Next(8) == 0)
            text.Append(random.Next(2) == 0 ? " " : "\r\n");
    }
}
