using System.IO.Pipelines;

namespace TelemetryHub.Broker.Tests.Links;

/// <summary>Two real pipes, crossed: what the peer writes, the link reads.</summary>
internal sealed class PipePair
{
    public PipePair(int pauseWriterBytes = 64 * 1024, int segmentBytes = 4096)
    {
        var options = new PipeOptions(
            pauseWriterThreshold: pauseWriterBytes,
            resumeWriterThreshold: pauseWriterBytes / 2,
            minimumSegmentSize: segmentBytes,
            useSynchronizationContext: false);
        var toLink = new Pipe(options);
        var toPeer = new Pipe(options);
        Link = new End(toLink.Reader, toPeer.Writer);
        Peer = new End(toPeer.Reader, toLink.Writer);
    }

    public IDuplexPipe Link { get; }

    public IDuplexPipe Peer { get; }

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
