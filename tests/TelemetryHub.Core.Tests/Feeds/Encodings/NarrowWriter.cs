using System.Buffers;

namespace TelemetryHub.Core.Tests.Feeds.Encodings;

/// <summary>A writer that never has more room than it must have, and forgets what was not advanced over.</summary>
internal sealed class NarrowWriter(int width) : IBufferWriter<byte>
{
    private readonly List<byte> _written = [];
    private byte[] _span = [];

    public byte[] Written => [.. _written];

    public void Advance(int count)
    {
        _written.AddRange(_span[..count]); // throws when it is too much
        _span = [];
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _span = new byte[Math.Max(sizeHint, width)];

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
