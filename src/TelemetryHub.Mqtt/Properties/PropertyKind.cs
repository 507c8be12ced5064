namespace TelemetryHub.Mqtt.Properties;

/// <summary>How the value of a property is written.</summary>
internal enum PropertyKind : byte
{
    None,
    Byte,
    TwoBytes,
    FourBytes,
    VariableInteger,
    Text,
    Binary,
    TextPair,
}
