namespace TelemetryHub.Core.Feeds.Encodings.Cbor;

/// <summary>What stands next in CBOR.</summary>
public enum CborKind : byte
{
    /// <summary>Nothing more: here, or because what came is broken.</summary>
    End,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A byte string.</summary>
    Bytes,

    /// <summary>A text string.</summary>
    Text,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A map: its items are key, value, key, value.</summary>
    Map,

    /// <summary>A floating-point number.</summary>
    Fraction,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>Null or undefined.</summary>
    Null,

    /// <summary>Another simple value; it means nothing to us.</summary>
    Simple,
}
