namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>The bytes of a file. What lies behind the length is zero.</summary>
internal sealed class SimulatedContent
{
    private byte[] _bytes;
    private bool _isShared;

    public SimulatedContent(byte[]? bytes = null)
    {
        _bytes = bytes ?? [];
        Length = _bytes.Length;
        _isShared = true;
    }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>A copy; nothing is copied before one of the two is written.</summary>
    public SimulatedContent Clone()
    {
        _isShared = true;
        return new SimulatedContent { _bytes = _bytes, Length = Length, _isShared = true };
    }

    public void Write(int offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
            return;
        Reach(Math.Max(Length, offset + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(offset));
    }

    public void SetLength(int length)
    {
        var old = Length;
        Reach(length);
        if (length < old)
            _bytes.AsSpan(length, old - length).Clear();
    }

    /// <summary>Does what the operation did to its file.</summary>
    public void Apply(DiskOperation change)
    {
        switch (change.Kind)
        {
            case DiskOperationKind.Write:
                Write((int)change.Offset, change.Bytes);
                break;
            case DiskOperationKind.SetLength or DiskOperationKind.Allocate:
                SetLength((int)change.Offset);
                break;
        }
    }

    private void Reach(int length)
    {
        if (_isShared || length > _bytes.Length)
        {
            var bytes = new byte[Math.Max(length, length > _bytes.Length && Length > 0 ? 2 * Length : Length)];
            Span.CopyTo(bytes);
            (_bytes, _isShared) = (bytes, false);
        }
        Length = length;
    }
}
