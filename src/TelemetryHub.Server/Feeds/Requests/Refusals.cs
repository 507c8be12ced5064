using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Server.Feeds.Streams;

namespace TelemetryHub.Server.Feeds.Requests;

/// <summary>
/// Tells a client why it gets no events: as a problem (RFC 9457), or to one of server-sent events as a stream. A native EventSource shows no page the
/// text of an error, and any status but 200 ends it for good (WHATWG HTML §9.2.3). So it gets 200, the reason as an event, and a time after which
/// to come back. Where coming back is of no use, the event has an id by which it is known when it does: it then gets 204, after which it never comes again.
/// </summary>
internal sealed class Refusals(RetryTimes retries)
{
    private static readonly byte[] NeverAgain = Encoding.ASCII.GetBytes($"id: {StartText.NeverAgain}\n");

    // For programs and people: a quote stays what it is.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the whole answer.</summary>
    public Task WriteAsync(HttpContext context, Refusal refusal)
    {
        context.Response.Headers.CacheControl = "no-store";
        var retry = retries.Of(refusal.Reason);
        if (!Negotiation.NamesEventStream(context.Request))
            return WriteProblemAsync(context, refusal, retry);
        if (!refusal.IsFinal || QueryTexts.LastEventIdOf(context.Request) != StartText.NeverAgain)
            return WriteStreamAsync(context, refusal, retry);

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task WriteProblemAsync(HttpContext context, Refusal refusal, TimeSpan retry)
    {
        if (!refusal.IsFinal)
            context.Response.Headers.RetryAfter = Math.Ceiling(retry.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var members = refusal.Parameter is { } parameter ? new Dictionary<string, object?> { ["parameter"] = parameter } : null;
        return Results.Problem(refusal.Detail, statusCode: refusal.Status, extensions: members).ExecuteAsync(context);
    }

    private static async Task WriteStreamAsync(HttpContext context, Refusal refusal, TimeSpan retry)
    {
        StreamHead.Set(context.Response, FeedTransport.Sse);
        var output = context.Response.BodyWriter;
        StreamHead.WriteRetry(output, retry);
        if (refusal.IsFinal)
            output.Write(NeverAgain);
        output.Write("event: bye\ndata: "u8);
        WriteData(output, refusal);
        output.Write("\n\n"u8);
        await output.FlushAsync(context.RequestAborted);
    }

    private static void WriteData(IBufferWriter<byte> output, Refusal refusal)
    {
        using var json = new Utf8JsonWriter(output, Readable); // makes one line whatever is in it
        json.WriteStartObject();
        json.WriteString("reason"u8, refusal.Reason switch
        {
            ByeReason.BadRequest => "bad-request"u8,
            ByeReason.Forbidden => "forbidden"u8,
            ByeReason.Shutdown => "shutdown"u8,
            _ => "overload"u8,
        });
        if (refusal.Parameter is { } parameter)
            json.WriteString("parameter"u8, parameter);
        json.WriteString("detail"u8, refusal.Detail);
        json.WriteEndObject();
    }
}
