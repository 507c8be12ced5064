using System.Buffers;
using System.Text.Unicode;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>Server-sent events, as a browser's EventSource reads them (WHATWG HTML §9.2). The id of every one is the cursor behind it.</summary>
/// <param name="Format">What of an event is written as data.</param>
public sealed record SseEncoding(EventFormat Format) : IEventEncoding
{
    private static readonly ItemShape Shape = new(EventFormat.Event, null, IsWhole: false);

    /// <inheritdoc/>
    public void WriteEvent(IBufferWriter<byte> output, Event @event, EncodingContext context)
    {
        var to = new JsonItemWriter(new ByteOutput(output));
        WriteId(ref to.Output, @event.Sequence, context);
        // The one blank behind the colon is not data: without it, a blank that the data begins with would be lost.
        to.Output.Write("data: "u8);
        if (Format == EventFormat.Event)
            EventItem.Write(ref to, @event, Shape, context);
        else
            WritePayload(ref to.Output, @event.Payload, context);
        to.Output.Write("\n\n"u8);
        to.Output.Flush();
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
    public void WriteCursor(IBufferWriter<byte> output, long sequence, EncodingContext context)
    {
        // §9.2.6: an event without data is not shown to anybody, but its id counts.
        var to = new ByteOutput(output);
        WriteId(ref to, sequence, context);
        to.Write((byte)'\n');
        to.Flush();
    }

    /// <inheritdoc/>
    public void WriteBye(IBufferWriter<byte> output, ByeReason reason, EncodingContext context) => Write(output, ControlItem.Bye(reason), context);

    private static void Write(IBufferWriter<byte> output, ControlItem control, EncodingContext context)
    {
        var to = new JsonItemWriter(new ByteOutput(output));
        if (control.Cursor is { } cursor)
            WriteId(ref to.Output, cursor, context);
        to.Output.Write("event: "u8);
        to.Output.Write(control.Type);
        to.Output.Write("\ndata: "u8);
        control.Write(ref to, Shape, context);
        to.Output.Write("\n\n"u8);
        to.Output.Flush();
    }

    private static void WriteId(ref ByteOutput to, long sequence, EncodingContext context)
    {
        to.Write("id: "u8);
        to.WriteCursor(context.Epoch, sequence);
        to.Write((byte)'\n');
    }

    private static void WritePayload(ref ByteOutput to, ReadOnlySpan<byte> payload, EncodingContext context)
    {
        if (context.Fields is { } fields && fields.TryWrite(payload, to.Flush()))
            return;
        if (Utf8.IsValid(payload))
            WriteLines(ref to, payload);
        else
            to.WriteBase64(payload);
    }

    // §9.2.6: CR, LF and CRLF all end a line; the client puts the lines of data together again with LF between them.
    private static void WriteLines(ref ByteOutput to, ReadOnlySpan<byte> text)
    {
        for (int end; (end = text.IndexOfAny((byte)'\r', (byte)'\n')) >= 0;)
        {
            to.Write(text[..end]);
            to.Write("\ndata: "u8);
            text = text[(end + (text[end..] is [(byte)'\r', (byte)'\n', ..] ? 2 : 1))..];
        }
        to.Write(text);
    }
}
