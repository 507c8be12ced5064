using System.IO.Pipelines;

namespace TelemetryHub.Server.Http.Takeover;

/// <summary>
/// An upgraded stream (RFC 9110 §7.8, or RFC 8441 over HTTP/2) as a pipe, for a <see cref="Broker.Links.PipeLink"/>. Idle, it holds no buffer: a read
/// waits for bytes before it rents one.
/// </summary>
/// <param name="stream">From <c>IHttpUpgradeFeature</c> or <c>IHttpExtendedConnectFeature</c>; left open, it ends with the request.</param>
/// <param name="cut">Ends the request at once; called from any thread, perhaps more than once.</param>
internal sealed class StreamPipe(Stream stream, Action cut) : IDuplexPipe
{
    private static readonly StreamPipeReaderOptions ReadOptions = new(leaveOpen: true, useZeroByteReads: true);

    public PipeReader Input { get; } = PipeReader.Create(stream, ReadOptions);

    public PipeWriter Output { get; } = new StreamOutput(stream, cut);
}
