using TelemetryHub.Core.Feeds.Rings;

namespace TelemetryHub.Core.Feeds.Replays;

/// <summary>A stretch of a feed's past, encoded. Immutable; may be shared by readers that are at the same place.</summary>
/// <param name="From">What the reader has seen before it.</param>
/// <param name="To">What the reader has seen behind it.</param>
/// <param name="Items">The encoded items; null when none of the stretch is for the feed.</param>
/// <param name="Missed">What it tells as missing.</param>
internal sealed record ReplayPage(long From, long To, Chunk? Items, MissedEvents? Missed = null)
{
    /// <summary>What belongs to it follows: the reader must not go over to the ring behind this page.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Whether a reader that has seen up to this can begin within it.</summary>
    public bool Covers(long position) => From <= position && position < To && Missed is null;

    public static ReplayPage Of(long from, long to, EncodedItems items, MissedEvents? missed = null)
    {
        if (items.Items.IsEmpty)
            return new ReplayPage(from, to, null, missed);
        var chunk = new Chunk(0, items.Bytes.Length);
        var start = 0;
        foreach (var (sequence, end) in items.Items)
        {
            chunk.Add(items.Bytes[start..end], sequence);
            start = end;
        }
        return new ReplayPage(from, to, chunk, missed);
    }
}
