using System.Buffers;

namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>A buffer of fixed size, to see whether writing allocates and that a packet takes one span and one advance.</summary>
internal sealed class FixedBuffer(int size) : IBufferWriter<byte>
{
    private readonly byte[] _bytes = new byte[size];

    public int Advances { get; private set; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = Advances = 0;

    public void Advance(int count)
    {
        Length += count;
        Advances++;
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.AsMemory(Length);

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        // Exactly what was asked for, so that a packet that is larger than its computed size shows.
        return _bytes.AsSpan(Length, sizeHint);
    }
}
