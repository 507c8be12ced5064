namespace TelemetryHub.Mqtt.Properties;

/// <summary>Checked properties, without their length prefix; a view of the packet's bytes. The default value is the empty list.</summary>
public readonly ref struct PropertyList
{
    private PropertyList(ReadOnlySpan<byte> raw) => Raw = raw;

    /// <summary>The bytes on the wire, without the length prefix.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    public bool IsEmpty => Raw.IsEmpty;

    /// <summary>
    /// For bytes out of <see cref="PropertyReader"/> or <see cref="PropertyWriter"/>. Enumerating stops at the first byte that is
    /// not a property, if the promise is broken.
    /// </summary>
    public static PropertyList FromValidated(ReadOnlySpan<byte> raw) => new(raw);

    public Enumerator GetEnumerator() => new(Raw);

    /// <summary>The first property of this id, if it is numeric.</summary>
    public bool TryGetNumber(PropertyId id, out uint number)
    {
        var found = TryFind(id, out var property);
        number = property.Number;
        return found;
    }

    /// <summary>The first property of this id, if it is a string or binary data; of a user property the name.</summary>
    public bool TryGetBytes(PropertyId id, out ReadOnlySpan<byte> bytes)
    {
        var found = TryFind(id, out var property);
        bytes = property.Bytes;
        return found;
    }

    private bool TryFind(PropertyId id, out Property property)
    {
        foreach (var candidate in this)
        {
            if (candidate.Id != id)
                continue;
            property = candidate;
            return true;
        }

        property = default;
        return false;
    }

    /// <summary>Walks the properties in the order in which they were sent.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private Property _current;

        internal Enumerator(ReadOnlySpan<byte> raw) => _rest = raw;

        public readonly Property Current => _current;

        public bool MoveNext() => !_rest.IsEmpty && PropertyField.TryTake(ref _rest, out _current) == ProtocolFault.None;
    }
}
