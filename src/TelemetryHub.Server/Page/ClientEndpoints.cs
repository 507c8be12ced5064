namespace TelemetryHub.Server.Page;

/// <summary>The JavaScript client, for web pages of any origin: it is a script like one from anywhere else, and what it may read is decided where it reads.</summary>
internal static class ClientEndpoints
{
    /// <summary><c>/client/telemetryhub.js</c>, an ES module, and its types beside it.</summary>
    public static void MapClient(this IEndpointRouteBuilder endpoints)
    {
        foreach (var name in new[] { "telemetryhub.js", "telemetryhub.d.ts" })
        {
            var file = EmbeddedFile.Read($"client/{name}");
            endpoints.MapMethods($"/client/{name}", ["GET", "HEAD"], context =>
            {
                var response = context.Response.Headers;
                response.AccessControlAllowOrigin = "*";
                response["Cross-Origin-Resource-Policy"] = "cross-origin";
                response.CacheControl = "public, max-age=600"; // a hub that was updated brings another one under the same address
                return file.ServeAsync(context);
            });
        }
    }
}
