using System.Buffers;
using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Journaling.Format;

/// <summary>Reads the frames of a file one after the other, in pieces: never the whole file is in memory.</summary>
internal sealed class FrameStream(IDiskFile file, long offset, uint salt, int pieceBytes = FrameStream.LargePieceBytes) : IDisposable
{
    private const int LargePieceBytes = 1 << 20;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(pieceBytes);
    private int _start, _count; // what of the buffer is the file's, and where in it the next frame begins
    private int _body, _next;

    /// <summary>What is read from; may be opened anew meanwhile.</summary>
    public IDiskFile File { get; set; } = file;

    /// <summary>Nothing from here on is read: there the file is still being written.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>How much is read at once, unless a frame is longer: less than a piece when frames are picked.</summary>
    public int FillBytes { get; set; } = pieceBytes;

    /// <summary>Where in the file the frame begins that was last asked for, whatever stands there.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Where the frame behind it begins, once it was found whole.</summary>
    public long NextOffset => Offset + (_next - _start);

    /// <summary>The kind of the frame last found whole.</summary>
    public FrameKind Kind => (FrameKind)_buffer[_body - 1];

    /// <summary>The body of the frame last found whole; valid until the next call.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_body, _next - _body);

    /// <summary>Goes on behind the frame last found whole. <see cref="FrameStatus.Cut"/>: the file ends within the frame.</summary>
    public FrameStatus Read()
    {
        (Offset, _start) = (NextOffset, _next);
        while (true)
        {
            var reader = new FrameReader(_buffer.AsSpan(_start, _count - _start), salt);
            var status = reader.Read();
            if (status == FrameStatus.Cut && TryFill(reader.NeededBytes))
                continue;
            if (status == FrameStatus.Whole)
                (_body, _next) = (_start + FrameReader.MinFrameBytes, _start + reader.NextOffset);
            return status;
        }
    }

    /// <summary>Goes on at this offset of the file instead.</summary>
    public void MoveTo(long offset)
    {
        var ahead = offset - Offset;
        if (ahead >= 0 && ahead <= _count - _start)
            _start += (int)ahead;
        else
            _start = _count = 0;
        (Offset, _next) = (offset, _start);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    // Brings what is there of the frame to the front of the buffer and reads on. False when the file does not have as much.
    private bool TryFill(int neededBytes)
    {
        var held = _count - _start;
        var end = Math.Min(File.Length, Limit);
        // The length may be anything: no buffer is made for what the file cannot hold.
        if (Offset + neededBytes > end)
            return false;
        var target = _buffer.Length >= neededBytes ? _buffer : ArrayPool<byte>.Shared.Rent(neededBytes);
        _buffer.AsSpan(_start, held).CopyTo(target);
        if (!ReferenceEquals(target, _buffer))
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _next, _count) = (target, 0, 0, held); // also if the read fails: then it can be tried again
        var wanted = Math.Min(Math.Min(end - Offset, _buffer.Length), Math.Max(neededBytes, FillBytes));
        _count = held + File.Read(Offset + held, _buffer.AsSpan(held, (int)Math.Max(wanted - held, 0)));
        return _count >= neededBytes;
    }
}
