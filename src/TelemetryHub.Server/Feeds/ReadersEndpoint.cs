using System.Text.Encodings.Web;
using System.Text.Json;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Core.Feeds.Reports;
using TelemetryHub.Server.Configuration.Kinds;
using TelemetryHub.Server.Feeds.Requests;

namespace TelemetryHub.Server.Feeds;

/// <summary><c>/api/readers</c>: who reads what, how far behind they are and what they missed, as JSON. Those who are furthest behind come first.</summary>
internal sealed class ReadersEndpoint(FeedTable feeds)
{
    // So much is collected before it is sent.
    private const int FlushBytes = 64 << 10;

    // For programs and people: a quote stays what it is.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly DurationKind Durations = new();

    /// <summary>Serves GET and HEAD.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = Negotiation.Json;
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(context.Request.Method))
            return;

        var reports = feeds.Report();
        var output = context.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(output, Readable);
        json.WriteStartObject();
        json.WriteNumber("readers"u8, reports.Sum(feed => feed.Readers.Count));
        json.WriteStartArray("feeds"u8);
        var sent = 0L;
        foreach (var feed in reports.OrderByDescending(MostBehind))
        {
            StartFeed(json, feed);
            foreach (var reader in feed.Readers.OrderByDescending(reader => reader.Behind))
            {
                WriteReader(json, reader);
                if (json.BytesCommitted + json.BytesPending - sent < FlushBytes)
                    continue;
                await json.FlushAsync(context.RequestAborted);
                sent = json.BytesCommitted;
                await output.FlushAsync(context.RequestAborted);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static long MostBehind(FeedReport feed) => feed.Readers.Select(reader => reader.Behind).DefaultIfEmpty().Max();

    private static void StartFeed(Utf8JsonWriter json, FeedReport feed)
    {
        json.WriteStartObject();
        json.WriteStartArray("topics"u8);
        foreach (var filter in feed.Definition.Filters.Filters)
            json.WriteStringValue(filter.Utf8);
        json.WriteEndArray();
        if (feed.Definition.Every > TimeSpan.Zero)
            json.WriteString("every"u8, Durations.Write(feed.Definition.Every));
        if (feed.Definition.Where is { } where)
            json.WriteString("where"u8, where.ToString());
        if (feed.Definition.Fields is { } fields)
            json.WriteString("fields"u8, fields.ToString());
        json.WriteString("format"u8, Word(FormatOf(feed.Definition.Encoding)));
        json.WriteNumber("events"u8, feed.Events);
        json.WriteNumber("bytes"u8, feed.Bytes);
        json.WriteStartArray("readers"u8);
    }

    private void WriteReader(Utf8JsonWriter json, ReaderReport reader)
    {
        json.WriteStartObject();
        json.WriteNumber("number"u8, reader.Number);
        json.WriteString("transport"u8, reader.Options.Transport);
        json.WriteString("remote"u8, reader.Options.Remote);
        json.WriteString("since"u8, reader.Since.UtcDateTime);
        json.WriteString("position"u8, new Cursor(feeds.Epoch, reader.Position).ToString());
        json.WriteNumber("behind"u8, reader.Behind);
        json.WriteBoolean("replaying"u8, reader.IsReplaying);
        json.WriteString("overflow"u8, Word(reader.Options.Overflow));
        json.WriteNumber("written"u8, reader.WrittenBytes);
        json.WriteStartObject("missed"u8);
        foreach (var (reason, count) in reader.Missed)
            json.WriteNumber(Word(reason), count);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static EventFormat FormatOf(IEventEncoding encoding) => encoding switch
    {
        SseEncoding sse => sse.Format,
        JsonLineEncoding lines => lines.Format,
        CborEncoding cbor => cbor.Format,
        _ => EventFormat.Event,
    };

    // All of them are single words.
    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
