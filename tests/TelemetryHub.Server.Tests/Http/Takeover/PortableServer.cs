using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using TelemetryHub.Broker.Links;
using TelemetryHub.Server.Http.Takeover;
using TelemetryHub.Server.Tests.Http.Transport;

namespace TelemetryHub.Server.Tests.Http.Takeover;

/// <summary>Somebody else's Kestrel, where streams run as pipes. Fails when anything worse than information is logged.</summary>
internal sealed class PortableServer : IAsyncDisposable
{
    private readonly Channel<StreamHandler> _streams = Channel.CreateUnbounded<StreamHandler>();
    private readonly LogLines _log = new();
    private readonly WebApplication _app;

    private PortableServer(HttpProtocols protocols)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddProvider(_log);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listener => listener.Protocols = protocols));
        _app = builder.Build();
        _app.Run(context => context.Request.Path == "/upgrade" ? UpgradeAsync(context) : StreamAsync(context));
    }

    public Uri Uri => new(_app.Urls.First());

    public static async Task<PortableServer> StartAsync(HttpProtocols protocols)
    {
        var server = new PortableServer(protocols);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>The next stream.</summary>
    public ValueTask<StreamHandler> NextAsync() => _streams.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
        _log.All.ShouldBeEmpty();
    }

    private async Task StreamAsync(HttpContext context)
    {
        using var pipe = new ResponsePipe(context);
        await context.Response.BodyWriter.FlushAsync(); // starting alone does not send the head
        await RunAsync(new PipeLink(pipe, new LinkInfo(LinkTransport.Tcp, null), cut: pipe.Cut));
    }

    private async Task UpgradeAsync(HttpContext context)
    {
        var upgrade = context.Features.Get<IHttpUpgradeFeature>()!;
        await using var stream = await upgrade.UpgradeAsync();
        await RunAsync(new PipeLink(new StreamPipe(stream, context.Abort), new LinkInfo(LinkTransport.WebSocket, null), cut: context.Abort));
    }

    private async Task RunAsync(PipeLink link)
    {
        var handler = new StreamHandler(link);
        var end = link.RunAsync(handler, CancellationToken.None);
        _streams.Writer.TryWrite(handler);
        await end;
    }
}
