using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace TelemetryHub.Core.Tests.Feeds.Queries;

/// <summary>A condition as a tree, that can be written down and asked the slow and obvious way.</summary>
internal sealed record NaiveCondition(Func<JsonElement, bool> Holds, string Text)
{
    private static readonly string[] Signs = ["=", "!=", "<", "<=", ">", ">="];
    private static readonly string[] Literals = ["1", "2.5", "-3", "9007199254740993", "'x'", "'\u00e9\"'", "''", "true", "false", "null"];

    public static NaiveCondition Any(Random random, int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
            return Test(random);
        var left = Any(random, depth - 1);
        var right = Any(random, depth - 1);
        return random.Next(3) switch
        {
            0 => new(value => left.Holds(value) && right.Holds(value), $"({left.Text}) and ({right.Text})"),
            1 => new(value => left.Holds(value) || right.Holds(value), $"({left.Text}) or ({right.Text})"),
            _ => new(value => !left.Holds(value), $"not ({left.Text})"),
        };
    }

    private static NaiveCondition Test(Random random)
    {
        var path = NaivePath.Any(random);
        switch (random.Next(6))
        {
            case 0:
                return new(value => path.Find(value) is not null, $"exists({path})");
            case 1:
                return new(value => path.Find(value)?.ValueKind is not (null or JsonValueKind.False or JsonValueKind.Null), path.ToString());
            case 2:
                var (one, other) = (Literals[random.Next(Literals.Length)], Literals[random.Next(Literals.Length)]);
                return new(value => path.Find(value) is { } found && (Compare(found, "=", one) || Compare(found, "=", other)), $"{path} in ({one}, {other})");
            default:
                var literal = Literals[random.Next(Literals.Length)];
                var sign = Signs[random.Next("tfn".Contains(literal[0]) ? 2 : Signs.Length)];
                return new(value => path.Find(value) is { } found && Compare(found, sign, literal), $"{path} {sign} {literal}");
        }
    }

    private static bool Compare(JsonElement value, string sign, string literal)
    {
        if (literal == "null")
            return value.ValueKind == JsonValueKind.Null == (sign == "=");
        int? order = (value.ValueKind, literal[0]) switch
        {
            (JsonValueKind.True or JsonValueKind.False, 't' or 'f') => value.GetBoolean().CompareTo(literal == "true"),
            (JsonValueKind.String, '\'') => Encoding.UTF8.GetBytes(value.GetString()!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(literal[1..^1])),
            (JsonValueKind.Number, '-' or (>= '0' and <= '9')) => CompareNumbers(value.GetRawText(), literal),
            _ => null,
        };
        return sign switch { "=" => order == 0, "!=" => order is not null and not 0, "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    private static int CompareNumbers(string left, string right) =>
        BigInteger.TryParse(left, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exact) && BigInteger.TryParse(right, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var other)
            ? exact.CompareTo(other)
            : double.Parse(left, CultureInfo.InvariantCulture).CompareTo(double.Parse(right, CultureInfo.InvariantCulture));
}
