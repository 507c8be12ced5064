namespace TelemetryHub.Mqtt.Properties;

/// <summary>One property, as a view of the packet's bytes.</summary>
public readonly ref struct Property
{
    public PropertyId Id { get; init; }

    /// <summary>The value of a numeric property, whatever its width.</summary>
    public uint Number { get; init; }

    /// <summary>The string, the binary data, or the name of a user property.</summary>
    public ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>The value of a user property.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Id and value as they stand on the wire, to be forwarded unchanged.</summary>
    public ReadOnlySpan<byte> Encoded { get; init; }
}
