using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using TelemetryHub.Broker.Links;
using TelemetryHub.Server.Http.Takeover;
using TelemetryHub.Server.Tests.Http.Transport;

namespace TelemetryHub.Server.Tests.Http.Takeover;

/// <summary>A web server whose <c>/take</c> gives the connection to a <see cref="StreamHandler"/>; every other path is answered as usual.</summary>
internal sealed class TakingServer : IAsyncDisposable
{
    private readonly Channel<StreamHandler> _taken = Channel.CreateUnbounded<StreamHandler>();
    private ReactorServer _server = null!;

    public ReactorServer Web => _server;

    public ConcurrentQueue<StreamHandler> All { get; } = [];

    /// <summary>What the endpoint does before it takes the connection.</summary>
    public Func<HttpContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>What the endpoint does afterwards.</summary>
    public Func<HttpContext, Task> After { get; set; } = _ => Task.CompletedTask;

    /// <summary>What carries a connection from now on.</summary>
    public Func<Link, ILinkHandler>? Handler { get; set; }

    public static async Task<TakingServer> StartAsync(params string[] args)
    {
        var taking = new TakingServer();
        taking._server = await ReactorServer.StartAsync(taking.ServeAsync, null, args);
        return taking;
    }

    /// <summary>The next connection that was taken.</summary>
    public ValueTask<StreamHandler> NextAsync() => _taken.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>A client whose connection was taken; it has read the head.</summary>
    public async Task<(RawClient Client, StreamHandler Handler)> TakeAsync()
    {
        var client = await _server.ConnectAsync();
        await client.GetAsync("/take");
        await client.ReadHeadAsync();
        return (client, await NextAsync());
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path != "/take")
        {
            await context.Response.WriteAsync("as usual");
            return;
        }

        await Before(context);
        var takeover = context.Features.Get<ILinkTakeover>().ShouldNotBeNull();
        var handler = Handler?.Invoke(takeover.Link) ?? new StreamHandler(takeover.Link);
        context.Response.ContentType = "text/event-stream";
        var head = new ArrayBufferWriter<byte>();
        ResponseHead.Write(context.Response, head);
        takeover.Take(context, head.WrittenSpan, handler);
        if (handler is StreamHandler stream)
        {
            All.Enqueue(stream);
            _taken.Writer.TryWrite(stream);
        }

        await After(context);
    }
}
