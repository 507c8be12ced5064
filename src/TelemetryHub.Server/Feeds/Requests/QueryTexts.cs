using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace TelemetryHub.Server.Feeds.Requests;

/// <summary>
/// The parameters of a URL. There '+' stands for a blank, and nearly everybody who types a filter or a time forgets that: where only a '+' makes sense, it is one.
/// </summary>
internal static partial class QueryTexts
{
    private const string LastEventId = "lastEventId";
    private const string LastEventIdHeader = "Last-Event-ID";

    // "+01:00"
    private const int ZoneCharacters = 6;

    /// <summary>
    /// Names and values. The header <c>Last-Event-ID</c> takes the place of the parameter: a browser sends it when it comes back, and cannot change the URL.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, StringValues>> Of(HttpRequest request)
    {
        var texts = request.Query.Select(parameter => KeyValuePair.Create(parameter.Key, Mended(parameter.Key, parameter.Value)));
        var header = request.Headers[LastEventIdHeader].ToString();
        return header.Length == 0 ? texts : texts.Where(text => !Is(LastEventId, text.Key)).Append(new(LastEventId, header));
    }

    /// <summary>What the client says that it has seen last; empty when it says nothing.</summary>
    public static string LastEventIdOf(HttpRequest request) =>
        request.Headers[LastEventIdHeader].ToString() is { Length: > 0 } header ? header : request.Query[LastEventId].ToString();

    private static StringValues Mended(string name, StringValues values) =>
        Is("topic", name) ? Each(values, static text => BlankLevel().Replace(text, "+"))
        : Is("since", name) ? Each(values, WithZone)
        : values;

    private static StringValues Each(StringValues values, Func<string, string> mend) => new([.. values.Select(text => mend(text ?? ""))]);

    private static string WithZone(string text) =>
        text.Length > ZoneCharacters && text[^ZoneCharacters] == ' ' && text[^3] == ':' ? $"{text[..^ZoneCharacters]}+{text[^5..]}" : text;

    private static bool Is(string name, string given) => name.Equals(given, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("(?<=^|/) (?=/|$)")]
    private static partial Regex BlankLevel();
}
