using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TelemetryHub.Server.Configuration.Kinds;

/// <summary><c>64MiB</c>, <c>4GiB</c>, or a plain number of bytes.</summary>
public sealed class ByteSizeKind : ValueKind
{
    // Largest first, so that Write finds the largest unit that divides the value.
    private static readonly (string Suffix, int Shift)[] Units = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];

    /// <inheritdoc/>
    public override string Name => "bytes";

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        value = null;
        problem = "is not a number of bytes (1048576, 64KiB, 64MiB, 4GiB)";
        var (digits, shift) = Split(text);
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;

        if (count > long.MaxValue >> shift)
        {
            problem = "is more bytes than there are";
            return false;
        }

        value = new ByteSize(count << shift);
        problem = null;
        return true;
    }

    internal static string Write(long bytes)
    {
        foreach (var (suffix, shift) in Units)
        {
            if (bytes != 0 && bytes % (1L << shift) == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift}{suffix}");
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    private static (string Digits, int Shift) Split(string text)
    {
        foreach (var (suffix, shift) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
                return (text[..^suffix.Length].TrimEnd(), shift);
        }

        return (text, 0);
    }
}
