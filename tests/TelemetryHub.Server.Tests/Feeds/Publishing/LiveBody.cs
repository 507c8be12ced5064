using System.Net;
using System.Text;
using System.Threading.Channels;

namespace TelemetryHub.Server.Tests.Feeds.Publishing;

/// <summary>The body of a request that is sent as it is written.</summary>
internal sealed class LiveBody : HttpContent
{
    private readonly Channel<byte[]> _parts = Channel.CreateUnbounded<byte[]>();

    public ValueTask WriteAsync(string text) => _parts.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    public void Complete() => _parts.Writer.TryComplete();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await foreach (var part in _parts.Reader.ReadAllAsync(cancellationToken))
        {
            await stream.WriteAsync(part, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
