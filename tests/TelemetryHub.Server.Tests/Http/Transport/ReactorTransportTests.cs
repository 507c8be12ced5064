using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Tests.Http.Transport;

public class ReactorTransportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_follow_each_other_on_one_connection()
    {
        await using var server = await ReactorServer.StartAsync(context => context.Response.WriteAsync(context.Connection.Id));
        using var client = new HttpClient { BaseAddress = server.Uri };
        var first = await client.GetStringAsync("/", Cancel);
        for (var i = 0; i < 20; i++)
            (await client.GetStringAsync("/", Cancel)).ShouldBe(first);
    }

    [Fact]
    public async Task Both_ends_of_a_connection_are_known()
    {
        await using var server = await ReactorServer.StartAsync(
            context => context.Response.WriteAsync($"{context.Connection.RemotePort} {context.Connection.LocalIpAddress}:{context.Connection.LocalPort}"));
        await using var client = await server.ConnectAsync();
        await client.GetAsync(headers: "Connection: close\r\n");
        (await client.ReadToEndAsync()).ShouldContain($"{client.Local.Port} {server.Address}");
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("[::]")]
    public async Task On_any_address_the_real_one_is_told(string any)
    {
        await using var server = await ReactorServer.StartAsync(
            context => context.Response.WriteAsync($"{context.Connection.LocalIpAddress!.MapToIPv4()}"),
            null,
            $"--Http:Listen={any}:0",
            "--Hub:AllowAnonymousRemote=true");
        using var client = new HttpClient();
        (await client.GetStringAsync($"http://127.0.0.1:{server.Address.Port}/", Cancel)).ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var server = await ReactorServer.StartAsync(context => context.Response.WriteAsync($"<{context.Request.Path}>"));
        await using var client = await server.ConnectAsync();
        await client.SendAsync(string.Concat(Enumerable.Range(0, 500).Select(i => $"GET /{i} HTTP/1.1\r\nHost: hub\r\n\r\n")));
        for (var i = 0; i < 500; i++)
            (await client.ReadUntilAsync(">")).ShouldEndWith($"</{i}>");
    }

    [Fact]
    public async Task A_request_in_single_bytes_is_put_together()
    {
        await using var server = await ReactorServer.StartAsync(context => context.Response.WriteAsync("done"));
        await using var client = await server.ConnectAsync();
        foreach (var one in "GET / HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n")
            await client.SendAsync([(byte)one]);
        (await client.ReadToEndAsync()).ShouldContain("done");
    }

    [Fact]
    public async Task A_large_body_waits_in_the_network_until_it_is_read()
    {
        const int Size = 20_000_000;
        var begin = new TaskCompletionSource();
        await using var server = await ReactorServer.StartAsync(
            async context =>
            {
                await begin.Task;
                long sum = 0;
                var buffer = new byte[10_000];
                while (await context.Request.Body.ReadAsync(buffer, Cancel) is > 0 and var read)
                    sum += buffer.AsSpan(0, read).ToArray().Sum(value => (long)value);
                await context.Response.WriteAsync($"sum {sum}", Cancel);
            },
            kestrel => kestrel.Limits.MaxRequestBodySize = null);
        await using var client = await server.ConnectAsync();
        var bytes = new byte[Size];
        Random.Shared.NextBytes(bytes);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nContent-Length: {Size}\r\n\r\n");
        var sending = client.SendAsync(bytes);
        sending.IsCompleted.ShouldBeFalse();
        begin.SetResult();
        await sending;
        (await client.ReadToEndAsync()).ShouldContain($"sum {bytes.Sum(value => (long)value)}");
    }

    [Fact]
    public async Task A_large_response_is_whole_although_the_peer_reads_slowly()
    {
        const int Size = 10_000_000;
        await using var server = await ReactorServer.StartAsync(async context =>
        {
            context.Response.ContentLength = Size;
            for (var i = 0; i < Size; i += 1000)
                await context.Response.WriteAsync(new string((char)('a' + (i / 1000 % 26)), 1000), Cancel);
        });
        await using var client = await RawClient.ConnectAsync(server.Address, receiveBuffer: 4096);
        await client.GetAsync(headers: "Connection: close\r\n");
        await client.ReadHeadAsync();
        for (var i = 0; i < Size; i += 1000)
            (await client.ReadAsync(1000)).ShouldBe(new string((char)('a' + (i / 1000 % 26)), 1000));
        (await client.ReadToEndAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_peer_that_has_said_its_last_word_is_seen_and_gets_what_was_written()
    {
        var asked = new TaskCompletionSource();
        await using var server = await ReactorServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("before", Cancel);
            asked.SetResult();
            var aborted = new TaskCompletionSource();
            context.RequestAborted.Register(aborted.SetResult);
            await aborted.Task;
        });
        await using var client = await server.ConnectAsync();
        await client.GetAsync();
        await asked.Task;
        client.Finish();
        (await client.ReadToEndAsync()).ShouldContain("before");
    }

    [Fact]
    public async Task A_peer_that_vanishes_aborts_its_request()
    {
        var (asked, aborted) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ReactorServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            asked.SetResult();
            await aborted.Task;
        });
        await using var client = await server.ConnectAsync();
        await client.GetAsync();
        await asked.Task;
        client.Reset();
        await aborted.Task.WaitAsync(Cancel);
    }

    [Fact]
    public async Task An_aborted_request_resets_its_connection()
    {
        await using var server = await ReactorServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using var client = await server.ConnectAsync();
        await client.GetAsync();
        await Should.ThrowAsync<SocketException>(client.ReadToEndAsync);
    }

    [Fact]
    public async Task A_bad_request_is_answered_before_the_end()
    {
        await using var server = await ReactorServer.StartAsync(_ => Task.CompletedTask);
        await using var client = await server.ConnectAsync();
        await client.SendAsync("NONSENSE\r\n\r\n" + new string('x', 100_000));
        (await client.ReadToEndAsync()).ShouldStartWith("HTTP/1.1 400 ");
    }

    [Fact]
    public async Task The_servers_own_limits_count()
    {
        await using var server = await ReactorServer.StartAsync(
            context => context.Response.WriteAsync("x"), kestrel => kestrel.Limits.MaxConcurrentConnections = 1);
        server.Expected = line => line.Contains("maximum number of concurrent connections", StringComparison.Ordinal);
        await using var one = await server.ConnectAsync();
        await one.GetAsync();
        await one.ReadUntilAsync("x");
        await using var two = await server.ConnectAsync();
        (await two.ReadToEndAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_may_be_upgraded()
    {
        await using var server = await ReactorServer.StartAsync(async context =>
        {
            await using var stream = await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
            var buffer = new byte[100];
            while (await stream.ReadAsync(buffer, Cancel) is > 0 and var read)
                await stream.WriteAsync(buffer.AsMemory(0, read), Cancel);
        });
        await using var client = await server.ConnectAsync();
        await client.GetAsync(headers: "Connection: Upgrade\r\nUpgrade: echo\r\n");
        (await client.ReadHeadAsync()).ShouldStartWith("HTTP/1.1 101 ");
        await client.SendAsync("hello");
        (await client.ReadAsync(5)).ShouldBe("hello");
        client.Finish();
        (await client.ReadToEndAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Hundreds_of_connections_are_served_at_the_same_time()
    {
        await using var server = await ReactorServer.StartAsync(context => context.Response.WriteAsync("x"), null, "--Http:Reactors=3");
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 400, CancellationToken = Cancel }, async (_, _) =>
        {
            await using var client = await server.ConnectAsync();
            for (var i = 0; i < 5; i++)
            {
                await client.GetAsync();
                await client.ReadUntilAsync("x");
            }
        });
    }

    [Fact]
    public async Task A_stop_waits_for_requests_and_closes_what_is_idle()
    {
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ReactorServer.StartAsync(async context =>
        {
            asked.TrySetResult();
            await go.Task;
            await context.Response.WriteAsync(new string('y', 1_000_000), Cancel);
        });
        await using var idle = await server.ConnectAsync();
        await using var busy = await server.ConnectAsync();
        await busy.GetAsync();
        await asked.Task;
        var stopping = server.StopAsync();
        (await idle.ReadToEndAsync()).ShouldBeEmpty();
        stopping.IsCompleted.ShouldBeFalse();
        go.SetResult();
        (await busy.ReadToEndAsync()).Count(c => c == 'y').ShouldBe(1_000_000);
        await stopping;
    }

    [Fact]
    public async Task After_the_stop_the_address_is_free()
    {
        var server = await ReactorServer.StartAsync(_ => Task.CompletedTask);
        var address = server.Address;
        await server.DisposeAsync();
        await using var next = await ReactorServer.StartAsync(_ => Task.CompletedTask, null, $"--Http:Listen={address}");
        next.Address.ShouldBe(address);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        await using var first = await ReactorServer.StartAsync(_ => Task.CompletedTask);
        var failure = await Should.ThrowAsync<IOException>(() => ReactorServer.StartAsync(_ => Task.CompletedTask, null, $"--Http:Listen={first.Address}"));
        failure.GetBaseException().ShouldBeOfType<SocketException>();
        failure.ToString().ShouldContain($"cannot listen on {first.Address}: another program uses this address");
    }
}
