using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Broker.Sessions;

/// <summary>Reads back from a log whose disk may fail. The log reports that itself.</summary>
internal static class LogReading
{
    /// <summary>False when the disk could not be read: what is there may be had later.</summary>
    public static bool TryReadBack(this ILog log, ReadOnlySpan<long> sequences, Span<Event?> into)
    {
        try
        {
            log.ReadBack(sequences, into);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Each by itself, as a last resort: what stands beside a bad sector need not be lost with it. Null is what cannot be read.</summary>
    public static void ReadBackSingly(this ILog log, ReadOnlySpan<long> sequences, Span<Event?> into)
    {
        for (var i = 0; i < sequences.Length; i++)
        {
            if (!log.TryReadBack(sequences.Slice(i, 1), into.Slice(i, 1)))
                into[i] = null;
        }
    }
}
