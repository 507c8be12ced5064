using System.Buffers.Binary;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Journaling.Reading;

/// <summary>Reads the events of one segment, one after the other, and finds its way past what is damaged. One thread.</summary>
internal sealed class SegmentWalk(ISegmentMap map, IDiskFile file, int pieceBytes) : IDisposable
{
    private readonly FrameStream _frames = new(file, SegmentHeader.Bytes, map.Header.Salt, pieceBytes) { Limit = map.EndOffset };

    public ISegmentMap Map => map;

    /// <summary>Where the frame begins that was last read.</summary>
    public int Offset => (int)_frames.Offset;

    /// <summary>Where it goes on.</summary>
    public int NextOffset => (int)_frames.NextOffset;

    /// <summary>How much is read at once.</summary>
    public int FillBytes
    {
        get => _frames.FillBytes;
        set => _frames.FillBytes = value;
    }

    /// <summary>Goes on with a file that was opened anew, up to what has been written by now.</summary>
    public void Continue(IDiskFile file)
    {
        _frames.File = file;
        _frames.Limit = map.EndOffset;
    }

    public void MoveTo(int offset) => _frames.MoveTo(offset);

    /// <summary>Reads the next event; its bytes are valid until the next call. False at the end.</summary>
    public bool TryRead(out EventFrame frame)
    {
        while (_frames.NextOffset < _frames.Limit)
        {
            if (_frames.Read() != FrameStatus.Whole)
            {
                if (!TryResume(Offset))
                    break;
                continue;
            }
            if (_frames.Kind == FrameKind.Event && EventFrame.TryRead(_frames.Body, map.Header, out frame))
                return true;
        }
        frame = default;
        return false;
    }

    /// <summary>Reads the event that begins here. False when none does.</summary>
    public bool TryPick(int offset, out EventFrame frame)
    {
        frame = default;
        _frames.MoveTo(offset);
        return _frames.Read() == FrameStatus.Whole && _frames.Kind == FrameKind.Event && EventFrame.TryRead(_frames.Body, map.Header, out frame);
    }

    public void Dispose() => _frames.Dispose();

    // The disk may damage a segment at any time: as in a scan, the next frame is often where the bad one says that it ends.
    private bool TryResume(int place)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        var known = map.SeekBehind(place);
        for (long next = place; ;)
        {
            _frames.File.Read(next, length);
            var claimed = BinaryPrimitives.ReadUInt32LittleEndian(length);
            next += FrameReader.PrefixBytes + (long)claimed;
            if (claimed == 0 || next >= known)
                break;
            _frames.MoveTo(next);
            if (_frames.Read() == FrameStatus.Whole)
            {
                _frames.MoveTo(next);
                return true;
            }
        }
        _frames.MoveTo(known);
        return known < _frames.Limit;
    }
}
