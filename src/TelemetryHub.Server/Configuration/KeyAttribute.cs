namespace TelemetryHub.Server.Configuration;

/// <summary>
/// Declares a configuration key: the property's name is the key's, its type the kind of value, its initializer the default.
/// This line and README's table are all that a new key needs.
/// </summary>
/// <param name="description">What the key does, as <c>--help</c> and README say it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyAttribute(string description) : Attribute
{
    /// <summary>What the key does.</summary>
    public string Description { get; } = description;

    /// <summary>Smallest value allowed, written as a user would write it (<c>"1s"</c>).</summary>
    public string? Min { get; init; }

    /// <summary>Largest value allowed.</summary>
    public string? Max { get; init; }

    /// <summary>The value is never shown: not by <c>--check</c>, not in an error, not in a log.</summary>
    public bool Secret { get; init; }
}
