using System.Buffers;

namespace TelemetryHub.Broker.Links;

/// <summary>
/// What a <see cref="Link"/> carries: turns received bytes into packets and packets into bytes.
/// The link calls it from its owner only, one call at a time, so a handler needs no lock for its own state.
/// No call may block.
/// </summary>
public interface ILinkHandler
{
    /// <summary>How many bytes must stand in the buffer before <see cref="OnReceived"/> can make progress. A hint that spares calls.</summary>
    int NeededBytes { get; }

    /// <summary>
    /// Takes whole packets from the front of <paramref name="bytes"/> and returns how many bytes it used.
    /// The link keeps the rest and calls again when more has arrived or reading was resumed. The span is valid for this call only.
    /// </summary>
    int OnReceived(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Writes what is waiting to be sent, stopping soon after <paramref name="budgetBytes"/>.
    /// Called after <see cref="Link.Wake"/> when the peer can take more, never while earlier bytes are still stuck.
    /// </summary>
    FillResult Fill(IBufferWriter<byte> output, int budgetBytes);

    /// <summary>The link is gone; called exactly once and last.</summary>
    void OnClosed(LinkEnd end);
}
