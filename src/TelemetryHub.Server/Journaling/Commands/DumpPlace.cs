using System.Globalization;
using TelemetryHub.Server.Configuration.Kinds;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary>A place in the log as somebody writes it: a sequence, a cursor (<c>epoch-sequence</c>), a time or an age.</summary>
/// <param name="Sequence">The sequence, or null.</param>
/// <param name="Time">The time in milliseconds of Unix time, or null.</param>
internal readonly record struct DumpPlace(long? Sequence, long? Time)
{
    private static readonly DurationKind Durations = new();

    /// <summary>Reads the value of an option.</summary>
    /// <exception cref="UsageException">It is nothing of the kind, or of another log.</exception>
    public static DumpPlace Parse(string option, string text, string? epoch, DateTimeOffset now)
    {
        if (TryNumber(text, out var sequence))
            return new DumpPlace(sequence, null);

        if (text.LastIndexOf('-') is var dash and > 0 && text[..dash].All(char.IsAsciiLetterOrDigit) && text.Count(c => c == '-') == 1
            && TryNumber(text[(dash + 1)..], out sequence))
        {
            return text[..dash] == epoch
                ? new DumpPlace(sequence, null)
                : throw new UsageException($"{option}: '{text}' is a place in another log; this one is {epoch}");
        }

        if (Durations.TryParse(text, out var age, out _))
            return new DumpPlace(null, (now - (TimeSpan)age).ToUnixTimeMilliseconds());

        return TryTime(text, out var time)
            ? new DumpPlace(null, time.ToUnixTimeMilliseconds())
            : throw new UsageException(
                $"{option}: '{text}' is no place in the log (a sequence: 4711; an id: {epoch}-4711; a time: 2026-01-31T12:00:00Z; an age: 10m)");
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    // The parser takes nearly anything for a time, '1/2' and 'May' as well: a year and a month stand first with us.
    private static bool TryTime(string text, out DateTimeOffset time)
    {
        time = default;
        return text is [_, _, _, _, '-', _, _, '-', ..]
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}
