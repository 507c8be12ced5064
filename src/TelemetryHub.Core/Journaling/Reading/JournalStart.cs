namespace TelemetryHub.Core.Journaling.Reading;

public readonly record struct JournalStart(long Sequence)
{
    public static JournalStart At(long sequence) => new(sequence);
}
