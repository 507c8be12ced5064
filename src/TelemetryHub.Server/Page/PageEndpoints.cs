namespace TelemetryHub.Server.Page;

/// <summary>The built-in page.</summary>
public static class PageEndpoints
{
    // Nothing but what the hub itself serves, and nothing inline: a payload that got into the page as markup could do nothing there.
    private const string Policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] Parts = ["page.css", "page.js", "feed.js", "view.js", "icon.svg"];

    /// <summary>
    /// Serves the built-in page at <c>/</c>: live events through a browser's EventSource. Not part of <c>MapTelemetryHub</c>, because in an application of somebody else
    /// that address is most likely taken.
    /// </summary>
    public static IEndpointRouteBuilder MapTelemetryHubPage(this IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/", "index.html");
        foreach (var part in Parts)
            endpoints.Map($"/page/{part}", part);
        return endpoints;
    }

    private static void Map(this IEndpointRouteBuilder endpoints, string path, string name)
    {
        var file = EmbeddedFile.Read($"page/{name}");
        endpoints.MapMethods(path, ["GET", "HEAD"], context =>
        {
            var response = context.Response.Headers;
            response.ContentSecurityPolicy = Policy;
            response["Referrer-Policy"] = "no-referrer"; // the address says what is looked at
            response.CacheControl = "no-cache";
            return file.ServeAsync(context);
        });
    }
}
