using System.Text;

namespace TelemetryHub.Server.Hosting;

/// <summary>For supervisors and load balancers.</summary>
internal static class HealthEndpoints
{
    /// <summary>
    /// <c>/health/live</c> answers as long as the process can answer at all; <c>/health/ready</c> is 200 or, with a line for each reason, 503.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", static context => Answer(context, StatusCodes.Status200OK, "live\n"));
        endpoints.MapGet("/health/ready", static context =>
        {
            var (ready, text) = Readiness(context.RequestServices.GetServices<IReadinessCheck>());
            return Answer(context, ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, text);
        });
    }

    internal static (bool Ready, string Text) Readiness(IEnumerable<IReadinessCheck> checks)
    {
        var (problems, warnings) = (new StringBuilder(), new StringBuilder());
        foreach (var check in checks)
        {
            // Each is asked once: between two questions the answer may change.
            if (check.Problem is { } problem)
                problems.Append(problem).Append('\n');
            if (check.Warning is { } warning)
                warnings.Append("warning: ").Append(warning).Append('\n');
        }

        var ready = problems.Length == 0;
        return (ready, $"{(ready ? "ready\n" : problems)}{warnings}");
    }

    private static Task Answer(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text);
    }
}
