using Microsoft.Net.Http.Headers;

namespace TelemetryHub.Server.Feeds.Polling;

/// <summary>The cursor of an answer as its ETag, so that a client that knows nothing of cursors can ask for what is newer (RFC 9110 §13.1.2).</summary>
internal static class PollTags
{
    /// <summary>As a header.</summary>
    public static string Of(string cursor) => $"\"{cursor}\"";

    /// <summary>The cursors in <c>If-None-Match</c>; weak ones too, because proxies weaken them.</summary>
    public static IReadOnlyList<string> In(HttpRequest request) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags) ? [.. tags.Select(tag => tag.Tag.Value!.Trim('"'))] : [];
}
