namespace TelemetryHub.Server.Http.Takeover;

/// <summary>Ends a request at once, from any thread, but never after its end: the server may use its context for the next one.</summary>
internal sealed class RequestCut(HttpContext context) : IDisposable
{
    private readonly Lock _lock = new(); // guards _isOver
    private bool _isOver;

    public void Cut()
    {
        lock (_lock)
        {
            if (!_isOver)
                context.Abort(); // runs no callbacks itself
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _isOver = true;
    }
}
