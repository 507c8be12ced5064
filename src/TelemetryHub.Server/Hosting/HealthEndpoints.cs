namespace TelemetryHub.Server.Hosting;

/// <summary>For supervisors and load balancers.</summary>
internal static class HealthEndpoints
{
    /// <summary><c>/health/live</c>: answers as long as the process can answer at all.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/health/live", static context =>
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.WriteAsync("live\n");
        });
}
