using System.Net;
using TelemetryHub.Broker;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;
using TelemetryHub.Server.Tests.Hosting;

namespace TelemetryHub.Server.Tests.Feeds.Publishing;

public class PublishEndpointTests
{
    [Fact]
    public async Task A_post_is_answered_when_its_event_is_kept()
    {
        await using var server = await PostServer.StartAsync();
        var posting = server.PostAsync("/events/plant/1/temp?qos=2&retain", "21.5");
        await server.Log.AppendedAsync(1);
        posting.IsCompleted.ShouldBeFalse();

        server.Log.Decide(KeptState.Kept);
        using var response = await posting;

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PostServer.JsonAsync(response)).ToString().ShouldBe("""{"id":"e-1","count":1}""");
        var published = server.Log.Appended.ShouldHaveSingleItem();
        (published.QoS, published.Retain).ShouldBe((QoS.ExactlyOnce, true));
        server.Setup.Router.RetainedCount.ShouldBe(1);
    }

    [Fact]
    public async Task At_QoS_0_nobody_waits_for_the_disk()
    {
        await using var server = await PostServer.StartAsync();

        using var response = await server.PostAsync("/events/t?qos=0", "x");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        server.Log.Appended.ShouldHaveSingleItem().QoS.ShouldBe(QoS.AtMostOnce);
    }

    [Theory]
    [InlineData("/events/a%2Fb//c/", "a/b//c/")]
    [InlineData("/events//a", "/a")]
    [InlineData("/events//", "/")]
    [InlineData("/events/k%C3%BCche/a%252Fb", "küche/a%2Fb")]
    [InlineData("/Events/$other", "$other")]
    public async Task The_path_names_the_topic(string path, string topic)
    {
        await using var server = await PostServer.StartAsync();
        server.Log.KeepAtOnce();

        using var response = await server.PostAsync(path, "x");

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        server.Published.ShouldBe([$"{topic}=x"]);
    }

    [Fact]
    public async Task The_hub_may_lie_below_a_path_of_an_application()
    {
        await using var server = await PostServer.StartAsync(prefix: "/tenants/{name}/hub");
        server.Log.KeepAtOnce();

        using var response = await server.PostAsync("/tenants/a%2Fb/hub/events/c/d", "x");

        server.Published.ShouldBe(["c/d=x"]);
    }

    [Theory]
    [InlineData("/events/a/%2B", 400, "topic")]
    [InlineData("/events/a/+/b", 400, "topic")]
    [InlineData("/events/a/%23", 400, "topic")]
    [InlineData("/events/%ff", 400, "topic")]
    [InlineData("/events/", 400, "topic")]
    [InlineData("/events", 400, "topic")]
    [InlineData("/events/$SYS/x", 403, "topic")]
    [InlineData("/events/forbidden/x", 403, "topic")]
    [InlineData("/events/t?qos=3", 400, "qos")]
    [InlineData("/events/t?qos=1&qos=1", 400, "qos")]
    [InlineData("/events/t?retain=maybe", 400, "retain")]
    [InlineData("/events/t?retian", 400, "retian")]
    [InlineData("/events/1/2/3/4/5", 400, "topic")]
    public async Task A_wrong_request_is_told_what_is_wrong(string target, int status, string parameter)
    {
        await using var server = await PostServer.StartAsync(new BrokerOptions { MaxTopicLevels = 4 });

        using var response = await server.PostAsync(target, "x");

        ((int)response.StatusCode).ShouldBe(status);
        var problem = await PostServer.JsonAsync(response);
        problem.GetProperty("parameter").GetString().ShouldBe(parameter);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        server.Log.Appended.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_payload_is_taken_as_it_comes_whatever_its_type()
    {
        await using var server = await PostServer.StartAsync();
        server.Log.KeepAtOnce();
        var bytes = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();

        using var binary = await server.PostAsync("/events/binary", new ByteArrayContent(bytes), "application/octet-stream");
        using var form = await server.PostAsync("/events/form", "a=b&c", "application/x-www-form-urlencoded");
        using var empty = await server.PostAsync("/events/empty", "");

        server.Log.Appended.Select(@event => @event.Payload).ShouldBe([bytes, "a=b&c"u8.ToArray(), []]);
    }

    [Fact]
    public async Task A_compressed_body_is_refused_and_not_published_as_it_is()
    {
        await using var server = await PostServer.StartAsync();
        using var body = new ByteArrayContent([0x1f, 0x8b]);
        body.Headers.ContentEncoding.Add("gzip");

        using var response = await server.PostAsync("/events/t", body);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        server.Log.Appended.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_large_a_payload_is_refused(bool isLengthKnown)
    {
        await using var server = await PostServer.StartAsync(new BrokerOptions { MaxPacketBytes = 50_000 });
        var bytes = new byte[100_000];

        using var response = await server.PostAsync("/events/t", isLengthKnown ? new ByteArrayContent(bytes) : new StreamContent(new UnknownLength(bytes)));

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        server.Log.Appended.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_is_full_before_or_fails_after_is_told_with_a_time_to_come_back()
    {
        await using var server = await PostServer.StartAsync();
        var posting = server.PostAsync("/events/t", "x");
        await server.Log.AppendedAsync(1);
        server.Log.Decide(KeptState.Refused);
        using var after = await posting;
        server.Log.Refuse();
        using var before = await server.PostAsync("/events/t", "x");

        foreach (var response in new[] { after, before })
        {
            response.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
            response.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task A_full_log_is_waited_for()
    {
        await using var server = await PostServer.StartAsync();
        server.Log.KeepAtOnce();
        server.Log.MakeSpace(0);
        var posting = server.PostAsync("/events/t", "x");
        await server.Log.SpaceWantedAsync();

        server.Log.MakeSpace(1);

        (await posting).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Log.Appended.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_log_that_stays_full_is_not_waited_for_for_ever()
    {
        var time = new ManualTime();
        await using var server = await PostServer.StartAsync(time: time);
        server.Log.MakeSpace(0);
        var posting = server.PostAsync("/events/t", "x");
        await server.Log.SpaceWantedAsync();

        time.Fire();

        using var response = await posting;
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        server.Log.Appended.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("https://app.example", true)]
    [InlineData("own", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public async Task A_page_of_another_origin_cannot_publish_unless_it_is_allowed(string? origin, bool isPublished)
    {
        await using var server = await PostServer.StartAsync(origins: "https://app.example");
        server.Log.KeepAtOnce();
        if (origin is not null)
            server.Client.DefaultRequestHeaders.Add("Origin", origin == "own" ? server.Client.BaseAddress!.ToString().TrimEnd('/') : origin);

        using var response = await server.PostAsync("/events/t", "x", "text/plain"); // what a form may send without asking

        response.StatusCode.ShouldBe(isPublished ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        server.Log.Appended.Count.ShouldBe(isPublished ? 1 : 0);
    }

    [Fact]
    public async Task A_page_that_asks_first_is_told_that_it_may_post()
    {
        await using var server = await PostServer.StartAsync(origins: "https://app.example");
        using var question = new HttpRequestMessage(HttpMethod.Options, "/events/a/b");
        question.Headers.Add("Origin", "https://app.example");
        question.Headers.Add("Access-Control-Request-Method", "POST");
        question.Headers.Add("Access-Control-Request-Headers", "content-type");

        using var response = await server.Client.SendAsync(question, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        response.Headers.GetValues("Access-Control-Allow-Methods").ShouldBe(["POST"]);
        response.Headers.GetValues("Access-Control-Allow-Headers").ShouldHaveSingleItem().ShouldContain("Content-Type");
    }
}
