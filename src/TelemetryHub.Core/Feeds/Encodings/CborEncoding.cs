using System.Buffers;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Encodings.Cbor;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>CBOR (RFC 8949), a map for each item, one behind the other (RFC 8742): the binary frames of the WebSocket. A payload is a byte string.</summary>
/// <param name="Format">What of an event is written.</param>
/// <param name="Subscription">The name of the subscription, written into each item; null for none.</param>
public sealed record CborEncoding(EventFormat Format, string? Subscription) : IEventEncoding
{
    private ItemShape Shape => new(Format, Subscription, IsWhole: true);

    /// <inheritdoc/>
    public void WriteEvent(IBufferWriter<byte> output, Event @event, EncodingContext context)
    {
        var to = new CborItemWriter(output);
        EventItem.Write(ref to, @event, Shape, context);
    }

    /// <inheritdoc/>
    public void WriteGap(IBufferWriter<byte> output, in Gap gap, EncodingContext context) => Write(output, ControlItem.Missing(gap), context);

    /// <inheritdoc/>
    public void WriteReset(IBufferWriter<byte> output, ResetReason reason, long sequence, EncodingContext context) =>
        Write(output, ControlItem.Reset(reason, sequence), context);

    /// <inheritdoc/>
    public void WriteSnapshotEnd(IBufferWriter<byte> output, long sequence, EncodingContext context) =>
        Write(output, ControlItem.SnapshotEnd(sequence), context);

    /// <inheritdoc/>
    public void WriteCursor(IBufferWriter<byte> output, long sequence, EncodingContext context) => Write(output, ControlItem.Heartbeat(sequence), context);

    /// <inheritdoc/>
    public void WriteBye(IBufferWriter<byte> output, ByeReason reason, EncodingContext context) => Write(output, ControlItem.Bye(reason), context);

    private void Write(IBufferWriter<byte> output, ControlItem control, EncodingContext context)
    {
        var to = new CborItemWriter(output);
        control.Write(ref to, Shape, context);
    }
}
