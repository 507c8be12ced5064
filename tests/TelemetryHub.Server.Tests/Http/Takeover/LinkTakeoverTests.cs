using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using TelemetryHub.Broker.Links;
using TelemetryHub.Server.Http.Takeover;
using TelemetryHub.Server.Tests.Http.Transport;

namespace TelemetryHub.Server.Tests.Http.Takeover;

public class LinkTakeoverTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_head_comes_first_and_then_what_the_handler_sends()
    {
        await using var server = await TakingServer.StartAsync();
        await using var client = await server.Web.ConnectAsync();
        await client.GetAsync("/take");
        var head = await client.ReadHeadAsync();
        head.ShouldStartWith("HTTP/1.1 200 OK\r\n");
        head.ShouldContain("\r\nContent-Type: text/event-stream\r\nConnection: close\r\nDate: ");
        var handler = await server.NextAsync();
        for (var i = 0; i < 100; i++)
            handler.Send($"event {i}\n");
        handler.Close();
        (await client.ReadToEndAsync()).ShouldBe(string.Concat(Enumerable.Range(0, 100).Select(i => $"event {i}\n")));
        (await handler.Closed).ShouldBe(LinkEnd.Closed);
    }

    [Fact]
    public async Task What_the_server_had_written_is_sent_before()
    {
        await using var server = await TakingServer.StartAsync();
        await using var client = await server.Web.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: hub\r\n\r\nGET / HTTP/1.1\r\nHost: hub\r\n\r\nGET /take HTTP/1.1\r\nHost: hub\r\n\r\n");
        await client.ReadUntilAsync("as usual\r\n0\r\n\r\n");
        await client.ReadUntilAsync("as usual\r\n0\r\n\r\n");
        (await client.ReadHeadAsync()).ShouldContain("text/event-stream");
        (await server.NextAsync()).Send("x");
        (await client.ReadAsync(1)).ShouldBe("x");
    }

    [Fact]
    public async Task What_the_peer_sends_after_its_request_is_the_handlers()
    {
        await using var server = await TakingServer.StartAsync();
        await using var client = await server.Web.ConnectAsync();
        await client.GetAsync("/take");
        await client.SendAsync("early");
        var handler = await server.NextAsync();
        (await handler.ReceiveAsync(5)).ShouldBe("early");
        await client.SendAsync("late");
        (await handler.ReceiveAsync(4)).ShouldBe("late");
    }

    [Fact]
    public async Task What_came_with_the_request_is_the_handlers_even_when_it_is_much()
    {
        await using var server = await TakingServer.StartAsync();
        var go = new TaskCompletionSource();
        server.Before = _ => go.Task;
        await using var client = await server.Web.ConnectAsync();
        await client.GetAsync("/take");
        var much = new string('m', 3_000_000); // more than the server's pipe takes
        var sending = client.SendAsync(much);
        go.SetResult();
        (await (await server.NextAsync()).ReceiveAsync(much.Length)).ShouldBe(much);
        await sending;
    }

    [Fact]
    public async Task What_the_endpoint_still_writes_goes_nowhere()
    {
        await using var server = await TakingServer.StartAsync();
        server.After = context => context.Response.WriteAsync(new string('z', 100_000), Cancel);
        var (client, handler) = await server.TakeAsync();
        await using var end = client;
        handler.Send("only this");
        handler.Close();
        (await client.ReadToEndAsync()).ShouldBe("only this");
    }

    [Fact]
    public async Task A_body_that_nobody_read_does_not_matter()
    {
        await using var server = await TakingServer.StartAsync();
        await using var client = await server.Web.ConnectAsync();
        await client.GetAsync("/take", "Content-Length: 100000\r\n");
        await client.ReadHeadAsync();
        var handler = await server.NextAsync();
        handler.Send("x");
        handler.Close();
        (await client.ReadToEndAsync()).ShouldBe("x");
    }

    [Fact]
    public async Task The_end_of_the_peer_is_told_to_the_handler()
    {
        await using var server = await TakingServer.StartAsync();
        var (finishing, finished) = await server.TakeAsync();
        await using var one = finishing;
        finishing.Finish();
        (await finished.Closed).ShouldBe(LinkEnd.PeerClosed);
        var (resetting, reset) = await server.TakeAsync();
        resetting.Reset();
        (await reset.Closed).ShouldBe(LinkEnd.Reset);
        var (cutting, cut) = await server.TakeAsync();
        await using var three = cutting;
        cut.Link.Abort();
        (await cut.Closed).ShouldBe(LinkEnd.Aborted);
        await Should.ThrowAsync<SocketException>(cutting.ReadToEndAsync);
    }

    [Fact]
    public async Task Who_takes_a_connection_that_is_gone_is_told_so()
    {
        await using var server = await TakingServer.StartAsync();
        var asked = new TaskCompletionSource();
        server.Before = async context =>
        {
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            asked.SetResult();
            await gone.Task;
        };
        await using var finishing = await server.Web.ConnectAsync();
        await finishing.GetAsync("/take");
        await asked.Task;
        finishing.Finish();
        (await (await server.NextAsync()).Closed).ShouldBeOneOf(LinkEnd.PeerClosed, LinkEnd.Closed);
        asked = new TaskCompletionSource();
        await using var resetting = await server.Web.ConnectAsync();
        await resetting.GetAsync("/take");
        await asked.Task;
        resetting.Reset();
        (await (await server.NextAsync()).Closed).ShouldBe(LinkEnd.Reset);
    }

    [Fact]
    public async Task However_a_connection_ends_while_it_is_taken_its_handler_is_told_once()
    {
        await using var server = await TakingServer.StartAsync("--Http:Reactors=2");
        await Parallel.ForEachAsync(Enumerable.Range(0, 600), Cancel, async (i, _) =>
        {
            await using var client = await server.Web.ConnectAsync();
            await client.GetAsync("/take");
            if (i % 3 == 0)
                await client.ReadHeadAsync();
            if (i % 2 == 0)
                client.Reset();
            else
                client.Finish();
        });
        for (var i = 0; i < server.All.Count; i++)
            await (await server.NextAsync()).Closed.WaitAsync(Cancel);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_seen()
    {
        await using var server = await TakingServer.StartAsync();
        var (client, handler) = await server.TakeAsync();
        await using var end = client;
        var blocked = new TaskCompletionSource();
        handler.Send(new string('x', 20_000_000));
        handler.Link.Post(() => handler.Link.Post(() => blocked.SetResult()));
        await blocked.Task;
        handler.Link.BlockedSince.ShouldBeGreaterThan(0);
        handler.Link.Abort();
        (await handler.Closed).ShouldBe(LinkEnd.Aborted);
    }

    [Fact]
    public async Task A_connection_is_taken_once_and_before_its_response()
    {
        await using var server = await TakingServer.StartAsync();
        var second = new TaskCompletionSource<Exception?>();
        server.After = context =>
        {
            var takeover = context.Features.Get<ILinkTakeover>()!;
            second.SetResult(Record.Exception(() => takeover.Take(context, default, new StreamHandler(takeover.Link))));
            return Task.CompletedTask;
        };
        var (client, _) = await server.TakeAsync();
        await using var end = client;
        (await second.Task).ShouldBeOfType<InvalidOperationException>();
    }

    [Fact]
    public async Task The_web_servers_side_is_over_and_let_go()
    {
        await using var server = await TakingServer.StartAsync();
        var over = new TaskCompletionSource();
        var side = new List<WeakReference>();
        server.Before = context =>
        {
            context.Features.Get<IConnectionCompleteFeature>()!.OnCompleted(
                _ =>
                {
                    over.SetResult();
                    return Task.CompletedTask;
                },
                null!);
            side.Add(new WeakReference(context));
            side.Add(new WeakReference(context.Features.Get<ILinkTakeover>()));
            side.Add(new WeakReference(context.Features.Get<IConnectionTransportFeature>()!.Transport.Input));
            return Task.CompletedTask;
        };
        var (client, handler) = await server.TakeAsync();
        await using var end = client;
        await over.Task;
        await server.Web.StopAsync().WaitAsync(Cancel); // returns, although the connection goes on until the reactors end
        (await handler.Closed).ShouldBe(LinkEnd.Aborted);
        GC.Collect();
        side.ShouldAllBe(part => !part.IsAlive);
    }

    [Fact]
    public async Task A_thousand_taken_connections_are_served_at_once_and_end_with_the_hub()
    {
        const int Count = 1000;
        var server = await TakingServer.StartAsync("--Http:Reactors=2");
        var clients = new RawClient[Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), Cancel, async (i, _) => clients[i] = (await server.TakeAsync()).Client);
        foreach (var handler in server.All)
            handler.Send("to all\n");
        foreach (var client in clients)
            (await client.ReadAsync(7)).ShouldBe("to all\n");
        await server.DisposeAsync();
        foreach (var handler in server.All)
            (await handler.Closed).ShouldBe(LinkEnd.Aborted);
        foreach (var client in clients)
            await client.DisposeAsync();
    }
}
