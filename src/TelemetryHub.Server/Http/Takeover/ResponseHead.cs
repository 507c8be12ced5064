using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace TelemetryHub.Server.Http.Takeover;

/// <summary>Writes the head of a response whose body is not the web server's.</summary>
internal static class ResponseHead
{
    private const int MaxDateBytes = 29; // RFC 9110 §5.6.7: IMF-fixdate is of fixed length

    /// <summary>
    /// Status line, the headers that are set, <c>Date</c>, and <c>Connection: close</c> unless another is set: the body ends with the connection
    /// (RFC 9112 §6.3), so that lengths and transfer codings are left out.
    /// </summary>
    public static void Write(HttpResponse response, IBufferWriter<byte> output)
    {
        Write($"HTTP/1.1 {response.StatusCode} {ReasonPhrases.GetReasonPhrase(response.StatusCode)}\r\n", output);
        foreach (var (name, values) in response.Headers)
        {
            if (name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase)
                || name.Equals(HeaderNames.TransferEncoding, StringComparison.OrdinalIgnoreCase))
                continue;
            foreach (var value in values)
                Write($"{name}: {value}\r\n", output);
        }

        if (response.Headers.Connection.Count == 0)
            output.Write("Connection: close\r\n"u8);
        if (response.Headers.Date.Count == 0)
            WriteDate(output);
        output.Write("\r\n"u8);
    }

    // Header values were checked for line ends when they were set.
    private static void Write(string line, IBufferWriter<byte> output) => Encoding.Latin1.GetBytes(line, output);

    private static void WriteDate(IBufferWriter<byte> output)
    {
        output.Write("Date: "u8);
        DateTimeOffset.UtcNow.TryFormat(output.GetSpan(MaxDateBytes), out var written, "R");
        output.Advance(written);
        output.Write("\r\n"u8);
    }
}
