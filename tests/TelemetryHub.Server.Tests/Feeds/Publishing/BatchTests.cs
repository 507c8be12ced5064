using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using TelemetryHub.Broker;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Server.Tests.Feeds.Publishing;

public class BatchTests
{
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task Each_line_is_a_payload_of_the_topic_in_the_path()
    {
        await using var server = await PostServer.StartAsync();
        server.Log.KeepAtOnce();

        using var response = await server.PostAsync("/events/plant/temp?qos=2", "21.5\n{\"x\":1}\r\n\n not JSON\nlast", Lines);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PostServer.JsonAsync(response)).ToString().ShouldBe("""{"id":"e-4","count":4}""");
        server.Published.ShouldBe(["plant/temp=21.5", "plant/temp={\"x\":1}", "plant/temp= not JSON", "plant/temp=last"]);
        server.Log.Appended.ShouldAllBe(@event => @event.QoS == QoS.ExactlyOnce);
    }

    [Fact]
    public async Task Without_a_topic_in_the_path_each_line_names_its_own()
    {
        await using var server = await PostServer.StartAsync();
        server.Log.KeepAtOnce();
        const string Body = """
            {"topic":"a","payload":1}
            {"topic":"b","payload":"two","qos":0,"retain":true}
            {"type":"cursor","id":"e-9"}
            """;

        using var response = await server.PostAsync("/events", Body, Lines + "; charset=utf-8");

        (await PostServer.JsonAsync(response)).GetProperty("count").GetInt32().ShouldBe(2);
        server.Published.ShouldBe(["a=1", "b=two"]);
        server.Log.Appended.Select(@event => (@event.QoS, @event.Retain)).ShouldBe([(QoS.AtLeastOnce, false), (QoS.AtMostOnce, true)]);
    }

    [Fact]
    public async Task A_batch_of_QoS_0_alone_is_accepted_and_an_empty_one_too()
    {
        await using var server = await PostServer.StartAsync();

        using var some = await server.PostAsync("/events/t?qos=0", "a\nb\n", Lines);
        using var none = await server.PostAsync("/events/t", "\n\n", Lines);

        some.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        none.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await PostServer.JsonAsync(none)).ToString().ShouldBe("""{"count":0}""");
    }

    [Theory]
    [InlineData("{\"topic\":\"a\"}", 400, "Line 3: 'payload' is missing.")]
    [InlineData("garbage", 400, "Line 3: It is not JSON.")]
    [InlineData("{\"topic\":\"$SYS/x\",\"payload\":1}", 403, "Line 3: The topics below '$SYS' are the hub's own.")]
    [InlineData("{\"topic\":\"forbidden/x\",\"payload\":1}", 403, "Line 3: Publishing to this topic is not allowed.")]
    public async Task The_first_wrong_line_ends_a_batch_and_what_was_before_is_published(string wrong, int status, string detail)
    {
        await using var server = await PostServer.StartAsync();
        server.Log.KeepAtOnce();

        using var response = await server.PostAsync("/events", $"{{\"topic\":\"a\",\"payload\":1}}\n\n{wrong}\n{{\"topic\":\"a\",\"payload\":4}}\n", Lines);

        ((int)response.StatusCode).ShouldBe(status);
        var problem = await PostServer.JsonAsync(response);
        problem.GetProperty("detail").GetString().ShouldBe(detail);
        (problem.GetProperty("count").GetInt32(), problem.GetProperty("lines").GetInt32(), Failed(problem)).ShouldBe((1, 3, "3"));
        problem.GetProperty("id").GetString().ShouldBe("e-1");
        server.Published.ShouldBe(["a=1"]);
    }

    [Fact]
    public async Task What_the_log_takes_and_loses_is_told_line_by_line()
    {
        await using var server = await PostServer.StartAsync();
        var body = new LiveBody();
        var posting = server.PostAsync("/events/t", body, Lines);
        await body.WriteAsync("1\n2\n");
        await server.Log.AppendedAsync(2);
        server.Log.Decide(KeptState.Kept);
        await body.WriteAsync("3\n4\n5\n");
        await server.Log.AppendedAsync(5);
        server.Log.Decide(KeptState.Refused);
        body.Complete();

        using var response = await posting;

        response.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
        var problem = await PostServer.JsonAsync(response);
        (problem.GetProperty("count").GetInt32(), problem.GetProperty("lines").GetInt32(), Failed(problem)).ShouldBe((2, 5, "3 4 5"));
    }

    [Fact]
    public async Task Lines_are_published_as_they_come()
    {
        await using var server = await PostServer.StartAsync();
        server.Log.KeepAtOnce();
        var body = new LiveBody();
        var posting = server.PostAsync("/events/t", body, Lines);
        for (var i = 1; i <= 5; i++)
        {
            await body.WriteAsync($"{i}\n");
            await server.Log.AppendedAsync(i);
        }
        body.Complete();

        (await PostServer.JsonAsync(await posting)).GetProperty("count").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task A_line_may_come_in_parts_and_the_last_one_without_an_end()
    {
        await using var server = await PostServer.StartAsync();
        server.Log.KeepAtOnce();
        var body = new LiveBody();
        var posting = server.PostAsync("/events/t", body, Lines);
        await body.WriteAsync("first\nsec");
        await server.Log.AppendedAsync(1);
        await body.WriteAsync("ond\r\nthi");
        await server.Log.AppendedAsync(2);
        body.Complete();

        (await PostServer.JsonAsync(await posting)).GetProperty("count").GetInt32().ShouldBe(3);
        server.Published.ShouldBe(["t=first", "t=second", "t=thi"]);
    }

    [Fact]
    public async Task A_disk_that_takes_its_time_has_no_more_than_a_thousand_lines_to_wait_for()
    {
        await using var server = await PostServer.StartAsync();
        var body = string.Concat(Enumerable.Range(1, 2500).Select(i => $"{i}\n"));
        var posting = server.PostAsync("/events/t", body, Lines);
        foreach (var waiting in new[] { 1000, 2000, 2500 })
        {
            await server.Log.AppendedAsync(waiting);
            server.Log.Appended.Count.ShouldBe(waiting);
            server.Log.Decide(KeptState.Kept);
        }

        (await PostServer.JsonAsync(await posting)).GetProperty("count").GetInt32().ShouldBe(2500);
        server.Log.Appended.Select(@event => Encoding.UTF8.GetString(@event.Payload)).ShouldBe(Enumerable.Range(1, 2500).Select(i => $"{i}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_line_that_is_too_long_is_refused_before_it_has_an_end(bool hasEnd)
    {
        await using var server = await PostServer.StartAsync(new BrokerOptions { MaxPacketBytes = 10_000 });
        server.Log.KeepAtOnce();

        using var response = await server.PostAsync("/events/t", $"1\n{new string('x', 200_000)}{(hasEnd ? "\n3\n" : "")}", Lines);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var problem = await PostServer.JsonAsync(response);
        (problem.GetProperty("count").GetInt32(), problem.GetProperty("lines").GetInt32(), Failed(problem)).ShouldBe((1, 2, "2"));
    }

    [Fact]
    public async Task A_batch_may_be_larger_than_anything_that_a_web_server_takes_otherwise()
    {
        await using var server = await PostServer.StartAsync();
        server.Log.KeepAtOnce();
        var body = new byte[40 << 20];
        for (var end = (64 << 10) - 1; end < body.Length; end += 64 << 10)
            body[end] = (byte)'\n';

        using var response = await server.PostAsync("/events/t?qos=0", new ByteArrayContent(body), Lines);

        (await PostServer.JsonAsync(response)).GetProperty("count").GetInt32().ShouldBe(640);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\n1\n2\n", "\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 6\r\n\r\n1\n2\n", "3\n")]
    public async Task A_hub_that_stops_answers_what_it_has_published_and_passes_over_the_rest(string begin, string rest)
    {
        await using var server = await PostServer.StartAsync();
        server.Log.KeepAtOnce();
        // HttpClient would not read the answer before it has written all.
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await client.Client.SendAsync(Encoding.UTF8.GetBytes("POST /events/t HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n" + begin));
        await server.Log.AppendedAsync(2);

        var stopping = server.StopAsync();

        (await AnswerAsync(client)).ShouldStartWith("HTTP/1.1 503 ");
        await client.Client.SendAsync(Encoding.UTF8.GetBytes(rest));
        await stopping;
        server.Lines.All.ShouldBeEmpty();
    }

    private static async Task<string> AnswerAsync(TcpClient client)
    {
        var answer = "";
        var buffer = new byte[4096];
        while (!answer.Contains("\"count\":2,\"lines\":2,\"failed\":[]", StringComparison.Ordinal))
        {
            var count = await client.Client.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            count.ShouldBeGreaterThan(0, answer);
            answer += Encoding.UTF8.GetString(buffer, 0, count);
        }
        return answer;
    }

    private static string Failed(JsonElement problem) => string.Join(' ', problem.GetProperty("failed").EnumerateArray());
}
