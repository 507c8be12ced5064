namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>What can be asked of a field.</summary>
internal enum FieldCheck : byte
{
    Exists,
    IsTrue,
    IsNotNull,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    OneOf,
}
