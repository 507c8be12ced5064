using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TelemetryHub.Server.Configuration.Kinds;

/// <summary><c>250ms</c>, <c>10s</c>, <c>5m</c>, <c>24h</c>, <c>7d</c>; <c>0</c> needs no unit.</summary>
public sealed class DurationKind : ValueKind
{
    // In the order of reading: "250ms" ends in "s" too.
    private static readonly (string Suffix, long Milliseconds)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("ms", 1), ("m", 60_000), ("s", 1_000)];

    /// <inheritdoc/>
    public override string Name => "duration";

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        value = null;
        problem = "is not a duration (250ms, 10s, 5m, 24h, 7d)";
        if (text == "0")
        {
            value = TimeSpan.Zero;
            problem = null;
            return true;
        }

        if (!TrySplit(text, out var count, out var milliseconds))
            return false;

        if (count > (long)TimeSpan.MaxValue.TotalMilliseconds / milliseconds)
        {
            problem = "is longer than there is time";
            return false;
        }

        value = TimeSpan.FromMilliseconds(count * milliseconds);
        problem = null;
        return true;
    }

    /// <inheritdoc/>
    public override string Write(object value)
    {
        var total = (long)((TimeSpan)value).TotalMilliseconds;
        if (total == 0)
            return "0";

        var (suffix, unit) = Units.OrderByDescending(unit => unit.Milliseconds).First(unit => total % unit.Milliseconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{total / unit}{suffix}");
    }

    private static bool TrySplit(string text, out long count, out long milliseconds)
    {
        (count, milliseconds) = (0, 0);
        foreach (var (suffix, unit) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
                continue;

            milliseconds = unit;
            return long.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out count);
        }

        return false;
    }
}
