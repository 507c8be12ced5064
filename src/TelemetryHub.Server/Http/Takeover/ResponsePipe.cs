using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace TelemetryHub.Server.Http.Takeover;

/// <summary>
/// A response body as a pipe, for a <see cref="Broker.Links.PipeLink"/>: HTTP/2, TLS, and where somebody else's server is below. Its input gives nothing and
/// ends when the peer has gone. Idle, it holds no buffer. The endpoint returns when the link has ended, after <see cref="Dispose"/>.
/// </summary>
internal sealed class ResponsePipe : IDuplexPipe, IDisposable
{
    private readonly RequestCut _cut;

    public ResponsePipe(HttpContext context)
    {
        _cut = new RequestCut(context);
        // A quiet stream is not a slow one, and a slow one is its link's business.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        Input = new AbortReader(context.RequestAborted);
        Output = new ResponseWriter(context.Response.BodyWriter, Cut);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Ends the request at once; any thread.</summary>
    public void Cut() => _cut.Cut();

    public void Dispose() => _cut.Dispose();
}
