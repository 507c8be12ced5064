using System.Buffers;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>
/// How a feed's events and its words about them become bytes. Pure and without state of its own; any thread. Each call writes one whole item; items follow each
/// other without anything between. Implementations are records: equal ones write the same.
/// </summary>
public interface IEventEncoding
{
    /// <summary>An event; its sequence is the reader's cursor behind it.</summary>
    void WriteEvent(IBufferWriter<byte> output, Event @event, EncodingContext context);

    /// <summary>Events are missing here.</summary>
    void WriteGap(IBufferWriter<byte> output, in Gap gap, EncodingContext context);

    /// <summary>The reader's cursor meant nothing; it goes on behind <paramref name="sequence"/>.</summary>
    void WriteReset(IBufferWriter<byte> output, ResetReason reason, long sequence, EncodingContext context);

    /// <summary>The newest event of every topic has been written, as of <paramref name="sequence"/>.</summary>
    void WriteSnapshotEnd(IBufferWriter<byte> output, long sequence, EncodingContext context);

    /// <summary>A heartbeat: nothing up to <paramref name="sequence"/> is missing.</summary>
    void WriteCursor(IBufferWriter<byte> output, long sequence, EncodingContext context);

    /// <summary>The hub ends the stream.</summary>
    void WriteBye(IBufferWriter<byte> output, ByeReason reason, EncodingContext context);
}
