namespace TelemetryHub.Broker.Recovery;

/// <summary>The connection of a session is gone.</summary>
/// <param name="Number">The session.</param>
/// <param name="At">When, in milliseconds of Unix time.</param>
/// <param name="ExpirySeconds">How long the session lasts from then on: DISCONNECT may have changed it.</param>
/// <param name="KeepsWill">The will waits for its delay.</param>
/// <param name="SentUpTo">The deliveries below this ordinal have been sent.</param>
internal readonly record struct ClosedRecord(uint Number, long At, uint ExpirySeconds, bool KeepsWill, long SentUpTo)
{
    public void Write(ref RecordWriter writer)
    {
        writer.Byte((byte)SessionRecordKind.Closed);
        writer.Number(Number);
        writer.Number(At);
        writer.Number(ExpirySeconds);
        writer.Byte(KeepsWill ? (byte)1 : (byte)0);
        writer.Number(SentUpTo);
    }

    /// <summary>Reads what follows the kind.</summary>
    public static ClosedRecord Read(ref RecordReader reader)
    {
        var record = new ClosedRecord(
            reader.SessionNumber(), reader.Number(), reader.SmallNumber(), reader.Flags(highest: 1) != 0, reader.Number());
        reader.End();
        return record;
    }
}
