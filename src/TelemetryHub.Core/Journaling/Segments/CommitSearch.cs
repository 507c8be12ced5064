using System.Buffers;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>Finds commit frames in the rest of a segment, whatever stands between them.</summary>
internal sealed class CommitSearch(IDiskFile file, uint salt) : IDisposable
{
    private const int PieceBytes = 256 << 10;
    private const int FrameBytes = FrameReader.MinFrameBytes + CommitFrame.BodyBytes;

    private readonly byte[] _piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
    private long _offset;
    private int _count, _at;

    /// <summary>Whether all that was looked at were zeros.</summary>
    public bool SawOnlyZeros { get; private set; } = true;

    /// <summary>Begins at this offset.</summary>
    public void MoveTo(long offset) => (_offset, _count, _at) = (offset, 0, 0);

    /// <summary>Gives the next one from there on; false at the end of the file.</summary>
    public bool TryFind(out long offset, out CommitFrame commit)
    {
        while (TryFindMagic(out offset))
        {
            var at = (int)(offset - _offset);
            var reader = new FrameReader(_piece.AsSpan(at, Math.Min(FrameBytes, _count - at)), salt);
            // A frame cannot know more to be on disk than what stands before it.
            if (reader.Read() == FrameStatus.Whole
                && reader.Kind == FrameKind.Commit
                && CommitFrame.TryRead(reader.Body, out commit)
                && commit.SyncedUpTo <= offset)
                return true;
        }
        commit = default;
        return false;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_piece);

    private bool TryFindMagic(out long offset)
    {
        do
        {
            // The magic stands behind the length, the checksum and the kind.
            var rest = _piece.AsSpan(_at, _count - _at);
            var found = rest.Length < FrameBytes ? -1 : rest[FrameReader.MinFrameBytes..].IndexOf(CommitFrame.Magic);
            if (found < 0 || rest.Length - found < FrameBytes)
                continue;
            offset = _offset + _at + found;
            _at += found + 1;
            return true;
        }
        while (TryReadOn());
        offset = 0;
        return false;
    }

    // Keeps what may be the beginning of a frame.
    private bool TryReadOn()
    {
        var kept = Math.Min(_count - _at, FrameBytes - 1);
        _piece.AsSpan(_count - kept, kept).CopyTo(_piece);
        _offset += _count - kept;
        var read = file.Read(_offset + kept, _piece.AsSpan(kept));
        (_count, _at) = (kept + read, 0);
        SawOnlyZeros &= !_piece.AsSpan(kept, read).ContainsAnyExcept((byte)0);
        return read > 0;
    }
}
