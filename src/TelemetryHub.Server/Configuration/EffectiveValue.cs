namespace TelemetryHub.Server.Configuration;

/// <summary>What a key is set to in the end, and by whom.</summary>
/// <param name="Key">The key.</param>
/// <param name="Text">The value as it was written; the default's when no source says anything.</param>
/// <param name="Value">The value, read.</param>
/// <param name="Source">Where it stands; <c>default</c> when nowhere.</param>
public readonly record struct EffectiveValue(ConfigurationKey Key, string Text, object Value, string Source)
{
    /// <summary>The text for people: a secret is masked.</summary>
    public string Shown => Key.Secret && Text.Length > 0 ? "********" : Text;
}
