using System.Buffers;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling;

/// <summary>Records of state, one behind the other, cut into chunks that become a frame each.</summary>
internal sealed class PendingState
{
    private const int ChunkBytes = 64 * 1024;

    private readonly List<int> _ends = []; // where all chunks but the last one end
    private ArrayBufferWriter<byte> _bytes = new();

    public bool IsEmpty => _bytes.WrittenCount == 0;

    public int Bytes => _bytes.WrittenCount;

    public int ChunkCount => IsEmpty ? 0 : _ends.Count + 1;

    public ReadOnlySpan<byte> Chunk(int index)
    {
        var start = index == 0 ? 0 : _ends[index - 1];
        var end = index == _ends.Count ? _bytes.WrittenCount : _ends[index];
        return _bytes.WrittenSpan[start..end];
    }

    public void Add(StatePart part, ReadOnlySpan<byte> record)
    {
        var start = _ends.Count == 0 ? 0 : _ends[^1];
        if (_bytes.WrittenCount - start >= ChunkBytes)
            _ends.Add(_bytes.WrittenCount);
        _bytes.Advance(StateEntries.Write(_bytes.GetSpan(StateEntries.OverheadBytes + record.Length), part, record));
    }

    /// <summary>Adds all of another one behind its own.</summary>
    public void Add(PendingState other)
    {
        if (other.IsEmpty)
            return;
        var offset = _bytes.WrittenCount;
        if (offset > 0)
            _ends.Add(offset);
        foreach (var end in other._ends)
            _ends.Add(offset + end);
        _bytes.Write(other._bytes.WrittenSpan);
    }

    public void Clear()
    {
        _ends.Clear();
        // One burst must not cost its memory for ever.
        if (_bytes.Capacity > 16 * ChunkBytes)
            _bytes = new ArrayBufferWriter<byte>();
        else
            _bytes.ResetWrittenCount();
    }
}
