using System.Globalization;

namespace TelemetryHub.Core.Feeds.Json;

/// <summary>What numbers are worth that are written as RFC 8259 §6 has it. Allocates nothing.</summary>
internal static class JsonNumber
{
    // Up to here a double has every integer and every power of ten exactly, so one division rounds right: what double.Parse does, in a tenth of its time.
    private const int MaxExactDigits = 15;

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Is it written without a fraction and an exponent? Such numbers have no leading zeros, so their digits can be compared.</summary>
    public static bool IsInteger(ReadOnlySpan<byte> number) => !number.ContainsAny((byte)'.', (byte)'e', (byte)'E');

    /// <summary>Orders two integers exactly, however long they are.</summary>
    public static int CompareIntegers(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var negative = IsNegative(left);
        if (negative != IsNegative(right))
            return negative ? -1 : 1;
        left = left.TrimStart((byte)'-');
        right = right.TrimStart((byte)'-');
        var order = left.Length == right.Length ? left.SequenceCompareTo(right) : left.Length - right.Length;
        return negative ? -order : order;
    }

    /// <summary>The nearest double; infinity when it is too large for one.</summary>
    public static double ToDouble(ReadOnlySpan<byte> number)
    {
        var mantissa = 0L;
        var digits = 0;
        var fraction = -1; // digits behind the point, when there is one
        var at = number[0] == '-' ? 1 : 0;
        for (; at < number.Length && digits <= MaxExactDigits; at++)
        {
            var digit = number[at] - '0';
            if ((uint)digit <= 9)
            {
                mantissa = mantissa * 10 + digit;
                digits++;
                fraction += fraction < 0 ? 0 : 1;
            }
            else if (number[at] == '.')
            {
                fraction = 0;
            }
            else
            {
                break;
            }
        }
        if (at < number.Length || digits > MaxExactDigits)
            return double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        var value = fraction > 0 ? mantissa / PowersOfTen[fraction] : mantissa;
        return number[0] == '-' ? -value : value;
    }

    // Minus zero is zero.
    private static bool IsNegative(ReadOnlySpan<byte> integer) => integer[0] == '-' && integer[1] != '0';
}
