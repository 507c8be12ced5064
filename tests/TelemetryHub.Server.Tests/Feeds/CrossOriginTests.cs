using System.Net;

namespace TelemetryHub.Server.Tests.Feeds;

public class CrossOriginTests
{
    private const string App = "https://app.example";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_of_an_allowed_origin_may_read_with_its_credentials()
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:AllowedOrigins", $"https://other.example;{App}"));
        using var answer = await HeadAsync(hub, ("Origin", App));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(answer, "Access-Control-Allow-Origin").ShouldBe(App);
        Header(answer, "Access-Control-Allow-Credentials").ShouldBe("true");
        answer.Headers.Vary.ShouldContain("Origin");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://app.example.evil.example")]
    [InlineData("http://app.example")]
    [InlineData("null")]
    public async Task A_page_of_another_origin_may_not(string origin)
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:AllowedOrigins", App));
        using var answer = await HeadAsync(hub, ("Origin", origin));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        Header(answer, "Access-Control-Allow-Origin").ShouldBeNull();
        answer.Headers.Vary.ShouldContain("Origin");
    }

    [Fact]
    public async Task A_star_lets_every_page_read_but_without_credentials()
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:AllowedOrigins", $"*;{App}"));

        using var any = await HeadAsync(hub, ("Origin", "https://evil.example"));
        Header(any, "Access-Control-Allow-Origin").ShouldBe("*");
        Header(any, "Access-Control-Allow-Credentials").ShouldBeNull();

        using var named = await HeadAsync(hub, ("Origin", App));
        Header(named, "Access-Control-Allow-Origin").ShouldBe(App);
        Header(named, "Access-Control-Allow-Credentials").ShouldBe("true");
    }

    [Fact]
    public async Task The_hubs_own_pages_may_always_and_so_may_who_is_no_page()
    {
        await using var hub = await FeedHub.StartAsync();

        (await HeadAsync(hub)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await HeadAsync(hub, ("Origin", $"http://{hub.Http.Authority}"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await HeadAsync(hub, ("Origin", "https://hub.example"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await HeadAsync(hub, ("Origin", "https://hub.example"), ("Sec-Fetch-Site", "same-origin"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await HeadAsync(hub, ("Origin", "https://hub.example"), ("Sec-Fetch-Site", "same-site"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_page_without_an_origin_never_reads_with_credentials()
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:AllowedOrigins", "null"));
        using var answer = await HeadAsync(hub, ("Origin", "null"));

        Header(answer, "Access-Control-Allow-Origin").ShouldBe("null");
        Header(answer, "Access-Control-Allow-Credentials").ShouldBeNull();
    }

    [Theory]
    [InlineData("http", HttpStatusCode.Forbidden)]
    [InlineData("https", HttpStatusCode.OK)]
    public async Task With_TLS_a_page_of_the_same_name_that_came_without_is_a_foreign_one(string scheme, HttpStatusCode expected)
    {
        await using var hub = await FeedHub.StartAsync();
        using var answer = await HeadAsync(hub, isTls: true, ("Origin", $"{scheme}://{hub.Https.Authority}"));

        answer.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("localhost:8080", true)]
    [InlineData("hub.localhost", true)]
    [InlineData("app.example", true)]
    [InlineData("APP.example:8443", true)]
    [InlineData("evil.example:8080", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    public async Task On_a_loopback_address_a_page_cannot_make_itself_the_hubs_own_by_a_name(string host, bool isKnown)
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:AllowedOrigins", App));
        // Its browser sends no origin, or one that is the name.
        using var reading = await HeadAsync(hub, ("Host", host));
        using var publishing = await HeadAsync(hub, ("Host", host), ("Origin", $"http://{host.ToLowerInvariant()}"));

        var expected = isKnown ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest;
        (reading.StatusCode, publishing.StatusCode).ShouldBe((expected, expected));
    }

    [Fact]
    public async Task A_browser_that_asks_first_is_answered()
    {
        await using var hub = await FeedHub.StartAsync(("Feeds:AllowedOrigins", App));
        using var client = hub.Client();
        using var question = new HttpRequestMessage(HttpMethod.Options, "/events?topic=a")
        {
            Headers = { { "Origin", App }, { "Access-Control-Request-Method", "GET" }, { "Access-Control-Request-Headers", "last-event-id" } },
        };
        using var answer = await client.SendAsync(question, Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Header(answer, "Access-Control-Allow-Origin").ShouldBe(App);
        Header(answer, "Access-Control-Allow-Methods").ShouldBe("GET, HEAD, POST");
        Header(answer, "Access-Control-Allow-Headers")!.Split(", ").ShouldBe(["Last-Event-ID", "Content-Type", "Authorization", "If-None-Match"]);
        Header(answer, "Access-Control-Max-Age").ShouldBe("7200");
    }

    [Theory]
    [InlineData("app.example", "'app.example' is not an origin")]
    [InlineData("https://app.example/", "'https://app.example/' is not an origin")]
    [InlineData("https://App.example", "'https://App.example' is not an origin")]
    [InlineData("https://app.example/page", "'https://app.example/page' is not an origin")]
    public void What_is_no_origin_is_found_by_the_check(string origin, string problem) =>
        Configuration.Reading.Of(args: [$"--Feeds:AllowedOrigins={origin}"]).Problems.ShouldHaveSingleItem().ShouldContain(problem);

    private static Task<HttpResponseMessage> HeadAsync(FeedHub hub, params (string Name, string Value)[] headers) => HeadAsync(hub, isTls: false, headers);

    private static async Task<HttpResponseMessage> HeadAsync(FeedHub hub, bool isTls, params (string Name, string Value)[] headers)
    {
        using var client = hub.Client(isTls);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/events?topic=a");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await client.SendAsync(request, Cancel);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
