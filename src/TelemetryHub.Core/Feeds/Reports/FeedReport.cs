namespace TelemetryHub.Core.Feeds.Reports;

/// <summary>How a feed is doing.</summary>
/// <param name="Definition">What it carries.</param>
/// <param name="Events">How many events its ring holds.</param>
/// <param name="Bytes">What the ring takes.</param>
/// <param name="Readers">Who reads it.</param>
public sealed record FeedReport(FeedDefinition Definition, long Events, long Bytes, IReadOnlyList<ReaderReport> Readers);
