using System.Buffers;
using System.Buffers.Text;
using TelemetryHub.Server.Feeds.Requests;

namespace TelemetryHub.Server.Feeds.Streams;

/// <summary>What stands before the events of a stream.</summary>
internal static class StreamHead
{
    private const int MaxDigits = 20;

    /// <summary>Sets status and headers.</summary>
    public static void Set(HttpResponse response, FeedTransport transport)
    {
        response.StatusCode = StatusCodes.Status200OK;
        // The character set is said although server-sent events have no other: some programs take text for Latin-1 otherwise.
        response.ContentType = transport switch
        {
            FeedTransport.Sse => Negotiation.EventStream + "; charset=utf-8",
            FeedTransport.Ndjson => Negotiation.JsonLines,
            _ => Negotiation.Json,
        };
        // A proxy that collects or compresses would hold events back.
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers.XContentTypeOptions = "nosniff";
    }

    /// <summary>Tells a client of server-sent events after which time it may come back.</summary>
    public static void WriteRetry(IBufferWriter<byte> output, TimeSpan retry)
    {
        output.Write("retry: "u8);
        Utf8Formatter.TryFormat((long)retry.TotalMilliseconds, output.GetSpan(MaxDigits), out var written);
        output.Advance(written);
        output.Write("\n"u8);
    }
}
