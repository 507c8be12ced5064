using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace TelemetryHub.Server.Feeds.Requests;

/// <summary>Finds out which transport a request is for (RFC 9110 §12.5.1).</summary>
internal static class Negotiation
{
    public const string EventStream = "text/event-stream";
    public const string Json = "application/json";
    public const string JsonLines = "application/x-ndjson";

    private static readonly (MediaTypeHeaderValue Type, FeedTransport Transport)[] Offers =
    [
        (new(EventStream), FeedTransport.Sse),
        (new(Json), FeedTransport.Poll),
        (new(JsonLines), FeedTransport.Ndjson),
    ];

    /// <summary>The transport; null when the client takes none that we have.</summary>
    public static FeedTransport? Choose(HttpContext context)
    {
        if (IsWebSocket(context))
            return FeedTransport.WebSocket;

        var accepted = Accepted(context.Request);
        return accepted.Count == 0 ? FeedTransport.Sse // curl says */*, some programs nothing: a stream can be looked at
            : Offers.Select(offer => (Rank: RankOf(offer.Type, accepted), offer.Transport))
                .Where(offer => offer.Rank.Quality > 0)
                .OrderByDescending(offer => offer.Rank) // stable: our own order decides between equals
                .Select(offer => (FeedTransport?)offer.Transport)
                .FirstOrDefault();
    }

    /// <summary>Whether it says that it is a client of server-sent events: it then takes an error for the end of everything, and shows nobody its text.</summary>
    public static bool NamesEventStream(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && Accepted(request).Any(type => type.MediaType.Equals(EventStream, StringComparison.OrdinalIgnoreCase) && type.Quality is null or > 0);

    private static bool IsWebSocket(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" }
        || (HttpMethods.IsGet(context.Request.Method)
            && !HttpProtocol.IsHttp10(context.Request.Protocol) // RFC 9110 §7.8: there, an Upgrade MUST be ignored
            && Lists(context.Request.Headers.Upgrade, "websocket") && Lists(context.Request.Headers.Connection, "upgrade"));

    private static bool Lists(StringValues header, string word) => header
        .SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries))
        .Contains(word, StringComparer.OrdinalIgnoreCase);

    // What cannot be read is not there, as with browsers and most servers.
    private static IList<MediaTypeHeaderValue> Accepted(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types) ? types : [];

    // Of all that match, the most specific decides. A type that is named wins over one that only a '*' lets through: 'application/json, */*' wants JSON.
    private static (double Quality, int Specificity) RankOf(MediaTypeHeaderValue offer, IList<MediaTypeHeaderValue> accepted) => accepted
        .Where(range => IsIn(offer, range))
        .Select(range => (Specificity: Specificity(range), Quality: range.Quality ?? 1))
        .OrderByDescending(match => match.Specificity)
        .Select(match => (match.Quality, match.Specificity))
        .FirstOrDefault();

    // Without parameters: 'text/event-stream;charset=utf-8' is what we send.
    private static bool IsIn(MediaTypeHeaderValue offer, MediaTypeHeaderValue range) =>
        range.MatchesAllTypes
        || (range.Type.Equals(offer.Type, StringComparison.OrdinalIgnoreCase)
            && (range.MatchesAllSubTypes || range.SubType.Equals(offer.SubType, StringComparison.OrdinalIgnoreCase)));

    private static int Specificity(MediaTypeHeaderValue range) => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
}
