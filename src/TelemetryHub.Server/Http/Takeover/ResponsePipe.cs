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
    private readonly HttpContext _context;
    private readonly Lock _lock = new(); // guards _isOver
    private bool _isOver;

    public ResponsePipe(HttpContext context)
    {
        _context = context;
        // A quiet stream is not a slow one, and a slow one is its link's business.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        Input = new AbortReader(context.RequestAborted);
        Output = new ResponseWriter(context.Response.BodyWriter, Cut);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Ends the request at once, from any thread, but never after its end: the server may use its context for the next one.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            if (!_isOver)
                _context.Abort(); // runs no callbacks itself
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _isOver = true;
    }
}
