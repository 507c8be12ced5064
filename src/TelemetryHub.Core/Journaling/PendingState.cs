using System.Buffers;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// Records of state, one behind the other, cut into chunks that become a frame each: where events came between, so that the log has one order for
/// all, and where a frame would become long.
/// </summary>
internal sealed class PendingState
{
    private const int ChunkBytes = 64 * 1024;

    private readonly List<(int Start, int EventsBefore)> _chunks = [];
    private ArrayBufferWriter<byte> _bytes = new();

    public bool IsEmpty => _bytes.WrittenCount == 0;

    public int Bytes => _bytes.WrittenCount;

    public int ChunkCount => _chunks.Count;

    public ReadOnlySpan<byte> Chunk(int index)
    {
        var end = index + 1 == _chunks.Count ? _bytes.WrittenCount : _chunks[index + 1].Start;
        return _bytes.WrittenSpan[_chunks[index].Start..end];
    }

    /// <summary>How many of the events that it was gathered with come before the chunk.</summary>
    public int EventsBefore(int index) => _chunks[index].EventsBefore;

    public void Add(StatePart part, ReadOnlySpan<byte> record, int eventsBefore)
    {
        if (_chunks is not [.., var last] || last.EventsBefore != eventsBefore || _bytes.WrittenCount - last.Start >= ChunkBytes)
            _chunks.Add((_bytes.WrittenCount, eventsBefore));
        _bytes.Advance(StateEntries.Write(_bytes.GetSpan(StateEntries.OverheadBytes + record.Length), part, record));
    }

    /// <summary>Adds all of another one behind its own; the events that it was gathered with are gone.</summary>
    public void Add(PendingState other)
    {
        var offset = _bytes.WrittenCount;
        foreach (var (start, _) in other._chunks)
            _chunks.Add((offset + start, 0));
        _bytes.Write(other._bytes.WrittenSpan);
    }

    public void Clear()
    {
        _chunks.Clear();
        // One burst must not cost its memory for ever.
        if (_bytes.Capacity > 16 * ChunkBytes)
            _bytes = new ArrayBufferWriter<byte>();
        else
            _bytes.ResetWrittenCount();
    }
}
