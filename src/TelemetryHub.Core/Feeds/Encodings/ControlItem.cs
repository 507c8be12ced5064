using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>What the hub says about a reader's events; its members and their order are the same in every encoding.</summary>
internal readonly ref struct ControlItem
{
    private readonly Gap? _gap;

    private ControlItem(ReadOnlySpan<byte> type, long? cursor, ReadOnlySpan<byte> reason = default, Gap? gap = null)
    {
        Type = type;
        Cursor = cursor;
        Reason = reason;
        _gap = gap;
    }

    /// <summary>Which one it is.</summary>
    public ReadOnlySpan<byte> Type { get; }

    /// <summary>The sequence from which the reader goes on; null when it does not.</summary>
    public long? Cursor { get; }

    private ReadOnlySpan<byte> Reason { get; }

    private int Details => (_gap is null ? 0 : 3) + (Reason.IsEmpty ? 0 : 1);

    public static ControlItem Missing(in Gap gap) => new("gap"u8, gap.To, ReasonWord.Of(gap.Reason), gap);

    public static ControlItem Reset(ResetReason reason, long sequence) => new("reset"u8, sequence, ReasonWord.Of(reason));

    public static ControlItem SnapshotEnd(long sequence) => new("snapshot-end"u8, sequence);

    public static ControlItem Heartbeat(long sequence) => new("cursor"u8, sequence);

    public static ControlItem Bye(ByeReason reason) => new("bye"u8, null, ReasonWord.Of(reason));

    public void Write<TWriter>(ref TWriter to, in ItemShape shape, EncodingContext context)
        where TWriter : struct, IItemWriter, allows ref struct
    {
        var hasId = shape.IsWhole && Cursor is not null;
        to.Start((shape.IsWhole ? 1 : 0) + (shape.Subscription is null ? 0 : 1) + (hasId ? 1 : 0) + Details);
        if (shape.IsWhole)
        {
            to.Name("type"u8);
            to.Text(Type);
        }
        if (shape.Subscription is { } subscription)
        {
            to.Name("sub"u8);
            to.Text(subscription);
        }
        if (hasId)
        {
            to.Name("id"u8);
            to.Cursor(context.Epoch, Cursor.GetValueOrDefault());
        }
        WriteDetails(ref to, context);
        to.End();
    }

    private void WriteDetails<TWriter>(ref TWriter to, EncodingContext context)
        where TWriter : struct, IItemWriter, allows ref struct
    {
        if (_gap is { } gap)
        {
            to.Name("missed"u8);
            if (gap.Missed is { } missed)
                to.Number(missed);
            else
                to.Null();
            to.Name("from"u8);
            to.Cursor(context.Epoch, gap.From);
            to.Name("to"u8);
            to.Cursor(context.Epoch, gap.To);
        }
        if (Reason.IsEmpty)
            return;
        to.Name("reason"u8);
        to.Text(Reason);
    }
}
