using System.IO.Pipelines;

namespace TelemetryHub.Server.Http.Takeover;

/// <summary>
/// A response body whose end is not the pipe's business: the server ends it when the endpoint returns. What is cut is cut with the whole request,
/// without the error line that the server writes for a body that ends with an exception.
/// </summary>
internal sealed class ResponseWriter(PipeWriter body, Action cut) : PipeWriter
{
    public override bool CanGetUnflushedBytes => body.CanGetUnflushedBytes;

    public override long UnflushedBytes => body.UnflushedBytes;

    public override void Advance(int bytes) => body.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => body.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => body.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => body.FlushAsync(cancellationToken);

    // Not the body's own cancellation: the server would go on with a response that lacks what was not sent.
    public override void CancelPendingFlush() => cut();

    public override void Complete(Exception? exception = null)
    {
        if (exception is not null)
            cut();
    }
}
