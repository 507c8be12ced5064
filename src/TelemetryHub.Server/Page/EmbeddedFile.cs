using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace TelemetryHub.Server.Page;

/// <summary>A file that is part of the program, as it came and compressed, each with a tag by which a browser knows it again.</summary>
internal sealed class EmbeddedFile
{
    private readonly string _contentType;
    private readonly Form _plain, _compressed;

    private EmbeddedFile(byte[] content, string contentType) =>
        (_contentType, _plain, _compressed) = (contentType, new Form(content), new Form(Compress(content)));

    /// <summary>Reads the file of this name, <c>client/telemetryhub.js</c>.</summary>
    public static EmbeddedFile Read(string name)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program was built without {name}.");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return new EmbeddedFile(content.ToArray(), ContentTypeOf(name));
    }

    /// <summary>Answers GET and HEAD, with 304 to a browser that has it.</summary>
    public Task ServeAsync(HttpContext context)
    {
        var response = context.Response.Headers;
        response.XContentTypeOptions = "nosniff";
        response.Vary = HeaderNames.AcceptEncoding;
        var isCompressed = TakesGzip(context.Request);
        if (isCompressed)
            response.ContentEncoding = "gzip";

        var form = isCompressed ? _compressed : _plain;
        return Results.Bytes(form.Content, _contentType, entityTag: form.Tag).ExecuteAsync(context);
    }

    private static bool TakesGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var codings)
        && codings.Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality is null or > 0);

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
            gzip.Write(content);
        return compressed.ToArray();
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8", // RFC 9239
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8", // of TypeScript: it has no type of its own, and video/mp2t is not it
    };

    private sealed class Form(byte[] content)
    {
        public byte[] Content { get; } = content;

        public EntityTagHeaderValue Tag { get; } = new($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"");
    }
}
