using Microsoft.Net.Http.Headers;
using TelemetryHub.Server.Feeds.Requests;

namespace TelemetryHub.Server.Feeds;

/// <summary>
/// Which web pages may read and publish. A browser says of which origin a page is; whoever sends no origin is no page of another one. Pages of the hub's own origin
/// always may, see <see cref="HostNames"/> for what these are. Others have to be allowed, and only then are they told what they got (Fetch §3.3, "CORS").
/// </summary>
internal sealed class CrossOrigin(FeedsOptions options, Refusals refusals)
{
    private const string RequestHeaders = "Last-Event-ID, Content-Type, Authorization, If-None-Match";
    private const string ResponseHeaders = "ETag, Retry-After";
    private const string Https = "https://";
    private const string Http = "http://";
    private const string PreflightSeconds = "7200"; // Chromium remembers no longer

    private readonly HostNames _names = new(options);
    private readonly bool _allowsAll = options.AllowedOrigins.Contains(FeedsOptions.AnyOrigin);

    /// <summary>Lets only those requests through that may come from where they come, and answers the question whether they may.</summary>
    /// <param name="next">What serves the request.</param>
    /// <param name="methods">The methods that it serves, for who asks: <c>GET, HEAD</c>.</param>
    public RequestDelegate Guard(RequestDelegate next, string methods) => context =>
    {
        if (!_names.AreMeantBy(context))
            return refusals.WriteAsync(context, Refusal.OfHost(context.Request.Host.Value));
        if (!TryApply(context))
            return refusals.WriteAsync(context, Refusal.OfOrigin(context.Request.Headers.Origin.ToString()));
        if (!HttpMethods.IsOptions(context.Request.Method))
            return next(context);

        AnswerQuestion(context, methods);
        return Task.CompletedTask;
    };

    /// <summary>False when the page behind this request may not make it.</summary>
    public bool TryApply(HttpContext context)
    {
        var response = context.Response.Headers;
        response.Append(HeaderNames.Vary, HeaderNames.Origin);
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || IsOwn(context.Request, origin))
            return true;

        if (options.AllowedOrigins.Contains(origin, StringComparer.Ordinal))
        {
            response.AccessControlAllowOrigin = origin;
            // Any page can make itself one of origin null (a frame in a sandbox).
            if (origin != FeedsOptions.NoOrigin)
                response.AccessControlAllowCredentials = "true";
        }
        else if (_allowsAll)
        {
            response.AccessControlAllowOrigin = FeedsOptions.AnyOrigin;
        }
        else
        {
            return false;
        }

        response.AccessControlExposeHeaders = ResponseHeaders;
        return true;
    }

    // Behind a proxy that does not pass the name on, the browser's own word for it is left. No page can send that one.
    private static bool IsOwn(HttpRequest request, string origin) =>
        request.Headers["Sec-Fetch-Site"] == "same-origin" || (AuthorityOf(origin, request.IsHttps) is { } authority && authority == request.Host.Value?.ToLowerInvariant());

    // A page that came without TLS, anybody on its way can have changed. A hub without TLS may be behind a proxy that has it.
    private static string? AuthorityOf(string origin, bool isHttps) =>
        origin.StartsWith(Https, StringComparison.Ordinal) ? origin[Https.Length..]
        : !isHttps && origin.StartsWith(Http, StringComparison.Ordinal) ? origin[Http.Length..]
        : null;

    private static void AnswerQuestion(HttpContext context, string methods)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        var headers = context.Response.Headers;
        headers.Allow = methods + ", OPTIONS";
        if (context.Request.Headers.AccessControlRequestMethod.Count == 0 || headers.AccessControlAllowOrigin.Count == 0)
            return;

        headers.Remove(HeaderNames.AccessControlExposeHeaders);
        headers.AccessControlAllowMethods = methods;
        headers.AccessControlAllowHeaders = RequestHeaders;
        headers.AccessControlMaxAge = PreflightSeconds;
    }
}
