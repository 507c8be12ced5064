using System.Buffers;
using TelemetryHub.Broker.Links;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Server.Feeds.Requests;

namespace TelemetryHub.Server.Feeds.Streams;

/// <summary>A stream of events over a link that carries nothing else: server-sent events, or lines of JSON. At rest it is a few references.</summary>
internal sealed class EventStream(Link link, FeedTransport transport, StreamPlace place) : ILinkHandler, IReaderOwner, ILiveStream
{
    private FeedReader? _reader;

    /// <inheritdoc/>
    public int NeededBytes => 1;

    /// <summary>What it carries. Set before the link is this handler's.</summary>
    public void Carry(FeedReader reader)
    {
        _reader = reader;
        place.Upkeep.Add(this);
    }

    /// <inheritdoc/>
    public void Wake() => link.Wake();

    /// <summary>Whoever asked for a stream has nothing more to say on this connection.</summary>
    public int OnReceived(ReadOnlySpan<byte> bytes) => bytes.Length;

    /// <inheritdoc/>
    public FillResult Fill(IBufferWriter<byte> output, int budgetBytes)
    {
        var filled = _reader!.Fill(output, budgetBytes);
        if (filled != ReaderFill.End)
            return filled == ReaderFill.More ? FillResult.More : FillResult.Empty;

        if (transport == FeedTransport.Sse)
            StreamHead.WriteRetry(output, place.Retries.Of(_reader.EndReason));
        return FillResult.Close;
    }

    /// <inheritdoc/>
    public void OnClosed(LinkEnd end)
    {
        place.Upkeep.Remove(this);
        _reader!.Dispose();
        place.Admission.Leave();
    }

    /// <inheritdoc/>
    public void Tick(long nowMilliseconds)
    {
        if (link.BlockedSince is var since and > 0 && nowMilliseconds - since > place.WriteTimeoutMilliseconds)
            link.Abort();
    }

    /// <inheritdoc/>
    public void Stop()
    {
        // Its reader says so.
    }

    /// <inheritdoc/>
    public void Abort() => link.Abort();
}
