namespace TelemetryHub.Server.Mqtt;

/// <summary>Aborts a request from any thread, but never after its end: the server may use its context for the next one.</summary>
internal sealed class RequestCut(HttpContext context) : IDisposable
{
    private readonly Lock _lock = new(); // guards _over
    private bool _over;

    public void Cut()
    {
        lock (_lock)
        {
            if (!_over) context.Abort(); // runs no callbacks itself
        }
    }

    public void Dispose()
    {
        lock (_lock) _over = true;
    }
}
