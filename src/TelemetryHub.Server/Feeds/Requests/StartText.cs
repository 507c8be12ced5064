using System.Globalization;
using System.Text.RegularExpressions;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Server.Configuration.Kinds;

namespace TelemetryHub.Server.Feeds.Requests;

/// <summary>Where a reader begins, as text: a cursor, a time, an age, <c>earliest</c>.</summary>
internal static partial class StartText
{
    /// <summary>
    /// The id of the last thing that a reader is told who must not come back with this request. Who does nevertheless sends it along, and is known by it.
    /// It is no cursor.
    /// </summary>
    public const string NeverAgain = "refused";

    private static readonly DurationKind Ages = new();

    /// <summary>Reads a value of <c>since</c>; <paramref name="problem"/> completes the sentence "'text' …".</summary>
    public static bool TryParse(string text, DateTimeOffset now, out FeedStart start, out string? problem)
    {
        problem = null;
        if (text.Equals("earliest", StringComparison.OrdinalIgnoreCase))
            start = FeedStart.Earliest;
        else if (Ages.TryParse(text, out var age, out _))
            start = (TimeSpan)age < now - DateTimeOffset.UnixEpoch ? FeedStart.At(now - (TimeSpan)age) : FeedStart.Earliest;
        else if (TryTime(text, out var time))
            start = FeedStart.At(time);
        else if (Cursor.TryParse(text, out var cursor) && !Date().IsMatch(text))
            start = FeedStart.After(cursor);
        else
            (start, problem) = (default, "is neither a cursor, nor a time (2026-01-31T12:00:00Z), nor an age (90s, 10m, 2h, 1d), nor 'earliest'");
        return problem is null;
    }

    /// <summary>What a client sent back as the last id it has seen: a cursor, or something that nobody here has given it.</summary>
    public static FeedStart OfLastEventId(string text) =>
        text == NeverAgain ? FeedStart.Live
        : Cursor.TryParse(text, out var cursor) ? FeedStart.After(cursor)
        : FeedStart.Unknown;

    // RFC 3339 §5.6. The parser alone would take '1/2' and 'May' for times as well, and a time without a zone.
    private static bool TryTime(string text, out DateTimeOffset time)
    {
        time = default;
        var parts = Time().Match(text);
        return parts.Success && DateTimeOffset.TryParse(
            parts.Groups["time"].Value + parts.Groups["zone"].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    // A date alone has the form of a cursor.
    [GeneratedRegex("^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$")]
    private static partial Regex Date();

    // Some programs write nanoseconds: the parser knows seven digits.
    [GeneratedRegex(@"^(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?)((?<=\.[0-9]{7})[0-9]{1,20})?(?<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})$")]
    private static partial Regex Time();
}
