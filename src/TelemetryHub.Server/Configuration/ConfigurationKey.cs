using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using TelemetryHub.Server.Configuration.Kinds;

namespace TelemetryHub.Server.Configuration;

/// <summary>One key of the configuration, made from a property with a <see cref="KeyAttribute"/>.</summary>
public sealed class ConfigurationKey
{
    private readonly PropertyInfo _property;
    private readonly KeyAttribute _declaration;

    internal ConfigurationKey(string section, PropertyInfo property, KeyAttribute declaration, object defaults)
    {
        _property = property;
        _declaration = declaration;
        Section = section;
        Kind = ValueKind.For(property.PropertyType);
        Default = Kind.Write(property.GetValue(defaults)!);
    }

    /// <summary>First part of the name: <c>Mqtt</c>.</summary>
    public string Section { get; }

    /// <summary>The whole name: <c>Mqtt:Listen</c>.</summary>
    public string Name => $"{Section}:{_property.Name}";

    /// <summary>How the value is written.</summary>
    public ValueKind Kind { get; }

    /// <summary>The default, as it would be written; empty = nothing.</summary>
    public string Default { get; }

    /// <summary>What the key does.</summary>
    public string Description => _declaration.Description;

    /// <summary>The value is never shown.</summary>
    public bool Secret => _declaration.Secret;

    internal Type OptionsType => _property.DeclaringType!;

    internal string PropertyName => _property.Name;

    /// <summary>Reads and checks a value; the problem is a whole sentence and shows no secret.</summary>
    internal bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        var shown = Secret ? "the value" : $"'{text}'";
        if (!Kind.TryParse(text, out value, out problem))
        {
            problem = $"{shown} {problem}";
            return false;
        }

        problem = OutOfRange(value) is { } range ? $"{shown} {range}" : null;
        return problem is null;
    }

    internal void Set(object options, object value) => _property.SetValue(options, value);

    private string? OutOfRange(object value) =>
        Bound(_declaration.Min) is { } min && min.CompareTo(value) > 0 ? $"is less than {_declaration.Min}, the smallest allowed"
        : Bound(_declaration.Max) is { } max && max.CompareTo(value) < 0 ? $"is more than {_declaration.Max}, the largest allowed"
        : null;

    private IComparable? Bound(string? text) =>
        text is null ? null
        : Kind.TryParse(text, out var bound, out var problem) ? (IComparable)bound
        : throw new InvalidOperationException($"The declaration of {Name} is wrong: '{text}' {problem}.");
}
