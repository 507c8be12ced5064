using System.Text.Json;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Feeds;

/// <summary>curl: what somebody tries first.</summary>
public sealed class CurlTests(FeedFixture fixture) : IClassFixture<FeedFixture>
{
    private HubProcess Hub => fixture.Hub;

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task Events_are_shown_as_they_come(string version)
    {
        var topic = Unique.Topic("curl");
        var address = version == "--http2" ? Hub.Https : Hub.Http;
        await using var curl = Start(version, $"{address}events?topic={topic}/%23");
        await LineAsync(curl, "id: ");

        await Posts.PublishAsync(Hub.Http, topic + "/a", "{\"x\":1}", "two");

        var lines = await Patience.For(curl.Output.FirstAsync(2, line => line.StartsWith("data: ", StringComparison.Ordinal)), "two events");
        lines.Select(line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("payload").ToString()).ShouldBe(["{\"x\":1}", "two"]);
        curl.Output.Lines[0].ShouldStartWith("retry: ");
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task Lines_of_JSON_are_what_scripts_read(string version)
    {
        var topic = Unique.Topic("curl");
        var address = version == "--http2" ? Hub.Https : Hub.Http;
        await using var curl = Start(version, "-H", "Accept: application/x-ndjson", $"{address}events?topic={topic}&format=payload");
        await LineAsync(curl, "{\"type\":\"cursor\"");

        await Posts.PublishAsync(Hub.Http, topic, "21.5");

        var line = await LineAsync(curl, "{\"id\":");
        var item = JsonDocument.Parse(line).RootElement;
        (item.GetProperty("topic").GetString(), item.GetProperty("payload").GetDouble()).ShouldBe((topic, 21.5));
    }

    [Fact]
    public async Task A_long_poll_waits_for_the_next_event_and_says_how_to_go_on()
    {
        var topic = Unique.Topic("curl");
        var start = await PollAsync($"topic={topic}");
        await using var waiting = Start("-H", "Accept: application/json", $"{Hub.Http}events?topic={topic}&wait=30s&since={start.GetProperty("next")}");

        await Posts.PublishAsync(Hub.Http, topic, "here");

        var answer = JsonDocument.Parse((await waiting.ExitAsync()).ShouldSucceed().Output.Single()).RootElement;
        answer.GetProperty("events").EnumerateArray().Single().GetProperty("payload").GetString().ShouldBe("here");
        (await PollAsync($"topic={topic}&wait=0&since={answer.GetProperty("next")}")).GetProperty("events").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_is_posted_is_published_alone_and_in_batches()
    {
        var topic = Unique.Topic("curl");
        var start = await PollAsync($"topic={topic}/%23");

        var one = await RunAsync("-d", "temp=21.5", $"{Hub.Http}events/{topic}/one?qos=2&retain");
        var many = await RunAsync("--data-binary", "1\n2\n3", "-H", "Content-Type: application/x-ndjson", $"{Hub.Http}events/{topic}/many");
        var named = await RunAsync(
            "--data-binary", $"{{\"topic\":\"{topic}/x\",\"payload\":\"x\"}}\n{{\"topic\":\"{topic}/y\",\"payload\":{{\"y\":null}}}}\n",
            "-H", "Content-Type: application/x-ndjson", $"{Hub.Http}events");

        new[] { one, many, named }.Select(answer => answer.GetProperty("count").GetInt32()).ShouldBe([1, 3, 2]);
        var events = (await PollAsync($"topic={topic}/%23&wait=0&since={start.GetProperty("next")}")).GetProperty("events").EnumerateArray().ToList();
        events.Select(item => item.GetProperty("topic").GetString()![(topic.Length + 1)..] + "=" + item.GetProperty("payload"))
            .ShouldBe(["one=temp=21.5", "many=1", "many=2", "many=3", "x=x", "y={\"y\":null}"]);
        events[^1].GetProperty("id").GetString().ShouldBe(named.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task A_batch_without_an_end_is_published_line_by_line(string version)
    {
        var topic = Unique.Topic("curl");
        var address = version == "--http2" ? Hub.Https : Hub.Http;
        await using var reader = Start("-H", "Accept: application/x-ndjson", $"{Hub.Http}events?topic={topic}");
        await LineAsync(reader, "{\"type\":\"cursor\"");
        await using var writer = Start(version, "-X", "POST", "-T", ".", "-H", "Content-Type: application/x-ndjson", $"{address}events/{topic}");
        for (var number = 1; number <= 3; number++)
        {
            await writer.Input.WriteLineAsync($"{number}");
            await writer.Input.FlushAsync(TestContext.Current.CancellationToken);
            await Patience.For(reader.Output.FirstAsync(number, line => line.StartsWith("{\"id\":", StringComparison.Ordinal)), $"event {number}");
        }

        writer.Input.Close();
        var answer = (await writer.ExitAsync()).ShouldSucceed().Output.Single();
        JsonDocument.Parse(answer).RootElement.GetProperty("count").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task A_wrong_request_is_answered_in_words()
    {
        var result = await RunningProgram.RunAsync("curl", Arguments("-w", "\n%{http_code} %{content_type}", $"{Hub.Http}events?topic=a&every=sometimes"));

        var problem = JsonDocument.Parse(result.Output[0]).RootElement;
        problem.GetProperty("parameter").GetString().ShouldBe("every");
        problem.GetProperty("detail").GetString()!.ShouldContain("sometimes");
        result.Output[^1].ShouldBe("400 application/problem+json");
    }

    private RunningProgram Start(params string[] arguments) => RunningProgram.Start("curl", Arguments(arguments));

    private string[] Arguments(params string[] arguments) => ["-sSN", "--cacert", Hub.Tls.Authority!, .. arguments];

    private async Task<JsonElement> RunAsync(params string[] arguments) =>
        JsonDocument.Parse((await RunningProgram.RunAsync("curl", Arguments(["--fail-with-body", .. arguments]))).ShouldSucceed().Output.Single()).RootElement;

    private Task<JsonElement> PollAsync(string query) => RunAsync("-H", "Accept: application/json", $"{Hub.Http}events?{query}");

    private static async Task<string> LineAsync(RunningProgram curl, string beginning) =>
        (await Patience.For(curl.Output.FirstAsync(1, line => line.StartsWith(beginning, StringComparison.Ordinal)), $"the line '{beginning}…'"))[0];
}
