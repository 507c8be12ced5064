using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>
/// Tells a publisher what became of its request. All is well: 200 when it is kept, 202 when at QoS 0 nobody waits for that, with
/// <c>{"id":…,"count":…}</c>, the cursor of the last event and how many they are. Otherwise a problem (RFC 9457); for a batch it
/// says besides how many lines were looked at (<c>lines</c>), and which of them were not published (<c>failed</c>): all others of them were.
/// </summary>
internal static class PublishAnswer
{
    public static Task WriteAsync(HttpContext context, PublishRun run, string epoch)
    {
        context.Response.StatusCode = run.IsDurable ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        var output = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            if (CursorOf(run, epoch) is { } id)
                json.WriteString("id"u8, id);
            json.WriteNumber("count"u8, run.Count);
            json.WriteEndObject();
        }
        return context.Response.Body.WriteAsync(output.WrittenMemory, context.RequestAborted).AsTask();
    }

    /// <summary>A request that was refused as a whole.</summary>
    public static Task WriteAsync(HttpContext context, PublishRefusal refusal) => WriteAsync(context, refusal, refusal.Detail, []);

    /// <summary>A batch of which something was refused. Its last line is the one to which the refusal is due; null when none is.</summary>
    public static Task WriteAsync(HttpContext context, PublishRefusal refusal, PublishRun run, long lines, long? refusedLine, string epoch)
    {
        var failed = new List<long>(run.Lost);
        if (refusedLine is { } line)
            failed.Add(line);
        var members = new Dictionary<string, object?> { ["count"] = run.Count, ["lines"] = lines, ["failed"] = failed };
        if (CursorOf(run, epoch) is { } id)
            members["id"] = id;
        var detail = failed.Count == 0 ? refusal.Detail : string.Create(CultureInfo.InvariantCulture, $"Line {failed[0]}: {refusal.Detail}");
        return WriteAsync(context, refusal, detail, members);
    }

    private static Task WriteAsync(HttpContext context, PublishRefusal refusal, string detail, Dictionary<string, object?> members)
    {
        if (refusal.RetryAfter > 0)
            context.Response.Headers.RetryAfter = refusal.RetryAfter.ToString(CultureInfo.InvariantCulture);
        if (refusal.Status == StatusCodes.Status415UnsupportedMediaType)
            context.Response.Headers.AcceptEncoding = "identity"; // RFC 9110 §12.5.3: what would be taken
        context.Response.Headers.CacheControl = "no-store";
        if (refusal.Parameter is { } parameter)
            members["parameter"] = parameter;
        return Results.Problem(detail, statusCode: refusal.Status, extensions: members).ExecuteAsync(context);
    }

    private static string? CursorOf(PublishRun run, string epoch) =>
        run.LastSequence == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{epoch}-{run.LastSequence}");
}
