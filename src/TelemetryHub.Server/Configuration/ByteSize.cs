namespace TelemetryHub.Server.Configuration;

/// <summary>A number of bytes, as configuration writes it: <c>64MiB</c>.</summary>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>, IComparable
{
    /// <summary>1024 bytes each.</summary>
    public static ByteSize KiB(long count) => new(count << 10);

    /// <summary>1024² bytes each.</summary>
    public static ByteSize MiB(long count) => new(count << 20);

    /// <summary>1024³ bytes each.</summary>
    public static ByteSize GiB(long count) => new(count << 30);

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is ByteSize other ? CompareTo(other) : 1;

    /// <inheritdoc/>
    public override string ToString() => Kinds.ByteSizeKind.Write(Bytes);

    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;
}
