namespace TelemetryHub.Mqtt.Properties;

/// <summary>What the specification says of one property: its form, where it may stand, and the numbers it may have.</summary>
internal readonly struct PropertyRule
{
    private readonly ushort _scopes;

    public PropertyRule(PropertyKind kind, uint min, uint max, params ReadOnlySpan<PropertyScope> scopes)
    {
        Kind = kind;
        Min = min;
        Max = max;
        foreach (var scope in scopes)
            _scopes |= (ushort)(1 << (int)scope);
    }

    public PropertyKind Kind { get; }

    public uint Min { get; }

    public uint Max { get; }

    public bool Allows(PropertyScope scope) => (_scopes >> (int)scope & 1) != 0;
}
