using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Log;
using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Journaling;

/// <summary>Durability: section <c>Journal</c>.</summary>
public sealed class JournalOptions : ICheckedOptions
{
    // Retention drops whole segments: with fewer than four, a full journal would forget a third and more of itself at once.
    private const int LeastSegments = 4;

    [Key("what an acknowledgement to a publisher promises")]
    public AcknowledgeLevel Acknowledge { get; init; } = AcknowledgeLevel.Synced;

    [Key("the same for some topics; the first filter that matches decides")]
    public AcknowledgeRules AcknowledgeFor { get; init; } = [];

    [Key("how long events are kept; 0 = for ever")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(24);

    [Key("how many bytes of events are kept", Min = "4MiB")]
    public ByteSize MaxBytes { get; init; } = ByteSize.GiB(4);

    [Key("size of one file of the journal; retention drops whole files", Min = "1MiB", Max = "1GiB")]
    public ByteSize SegmentBytes { get; init; } = ByteSize.MiB(64);

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Check()
    {
        if (SegmentBytes.Bytes > MaxBytes.Bytes / LeastSegments)
            yield return (nameof(SegmentBytes), $"{SegmentBytes} is more than a quarter of MaxBytes ({MaxBytes})");
    }

    /// <summary>The same for the journal itself.</summary>
    internal JournalSettings ToSettings() => new()
    {
        Acknowledge = new AcknowledgeLevels(Acknowledge, [.. AcknowledgeFor.Select(rule => (rule.Filter, rule.Level))]),
        MaxAge = MaxAge,
        MaxBytes = MaxBytes.Bytes,
        SegmentBytes = (int)SegmentBytes.Bytes,
    };
}
