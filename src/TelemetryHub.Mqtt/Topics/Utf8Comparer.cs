using System.Runtime.InteropServices;

namespace TelemetryHub.Mqtt.Topics;

/// <summary>Compares byte strings by content; dictionaries keyed by <c>byte[]</c> can be asked with a span.</summary>
public sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static Utf8Comparer Instance { get; } = new();

    private Utf8Comparer()
    {
    }

    public bool Equals(byte[]? x, byte[]? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.AsSpan().SequenceEqual(y));

    public int GetHashCode(byte[] obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        return GetHashCode(obj.AsSpan());
    }

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    /// <summary>
    /// Topics are chosen by strangers, so the hash is the runtime's keyed string hash (Marvin) over pairs of bytes:
    /// nobody outside the process can aim at one bucket.
    /// </summary>
    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(alternate));
        return (alternate.Length & 1) == 0 ? hash : hash ^ ((alternate[^1] + 1) * unchecked((int)0x9E3779B1));
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
