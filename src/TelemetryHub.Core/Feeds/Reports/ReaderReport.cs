using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds.Reports;

/// <summary>How a reader is doing.</summary>
/// <param name="Number">Its number, for who looks.</param>
/// <param name="Options">What it asked for.</param>
/// <param name="Since">When it came.</param>
/// <param name="Position">Up to which sequence it has been written to.</param>
/// <param name="Behind">How many events wait for it; while it replays, how many sequences lie before it.</param>
/// <param name="IsReplaying">Whether it reads the past.</param>
/// <param name="WrittenBytes">What was written to it.</param>
/// <param name="Missed">How many events it was told to have missed, by reason.</param>
public sealed record ReaderReport(
    long Number,
    ReaderOptions Options,
    DateTimeOffset Since,
    long Position,
    long Behind,
    bool IsReplaying,
    long WrittenBytes,
    IReadOnlyDictionary<MissedReason, long> Missed);
