using System.IO.Compression;
using System.Net;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Tests.Page;

public class ClientFileTests
{
    [Theory]
    [InlineData("telemetryhub.js", "text/javascript")]
    [InlineData("telemetryhub.d.ts", "text/plain")]
    public async Task The_client_is_served_as_it_was_built_to_pages_of_any_origin(string name, string contentType)
    {
        await using var hub = await PageHub.StartAsync(app => app.MapTelemetryHub());
        using var answer = await hub.GetAsync($"/client/{name}", ("Origin", "https://elsewhere.example"));

        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(await BuiltAsync(name));
        answer.Content.Headers.ContentType!.ToString().ShouldBe($"{contentType}; charset=utf-8");
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task Who_takes_gzip_gets_a_few_kilobytes()
    {
        await using var hub = await PageHub.StartAsync(app => app.MapTelemetryHub());
        using var answer = await hub.GetAsync("/client/telemetryhub.js", ("Accept-Encoding", "gzip, br"));

        answer.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        answer.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        answer.Content.Headers.ContentLength!.Value.ShouldBeLessThan(6 * 1024);
        await using var gzip = new GZipStream(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe(await BuiltAsync("telemetryhub.js"));
    }

    [Fact]
    public async Task Who_has_it_is_not_sent_it_again()
    {
        await using var hub = await PageHub.StartAsync(app => app.MapTelemetryHub());
        foreach (var encoding in new[] { "identity", "gzip", "gzip;q=0" })
        {
            using var first = await hub.GetAsync("/client/telemetryhub.js", ("Accept-Encoding", encoding));
            using var second = await hub.GetAsync("/client/telemetryhub.js", ("Accept-Encoding", encoding), ("If-None-Match", first.Headers.ETag!.ToString()));
            using var other = await hub.GetAsync("/client/telemetryhub.js", ("Accept-Encoding", encoding), ("If-None-Match", "\"another\""));

            first.Content.Headers.ContentEncoding.ShouldBe(encoding == "gzip" ? ["gzip"] : []);
            second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
            other.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private static Task<string> BuiltAsync(string name) =>
        File.ReadAllTextAsync(Path.Combine(Repository.Root, "src/dashboard/client/dist", name), TestContext.Current.CancellationToken);
}
