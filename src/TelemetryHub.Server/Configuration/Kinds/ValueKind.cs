using System.Diagnostics.CodeAnalysis;
using TelemetryHub.Server.Journaling;

namespace TelemetryHub.Server.Configuration.Kinds;

/// <summary>How one kind of value is written in configuration. The property's type decides which kind a key is of.</summary>
public abstract class ValueKind
{
    /// <summary>What the kind is called in <c>--help</c> and README.</summary>
    public abstract string Name { get; }

    /// <summary>The kind that values of this type are written in.</summary>
    /// <exception cref="NotSupportedException">No kind writes this type: a mistake in an options class.</exception>
    public static ValueKind For(Type type) => type switch
    {
        _ when type == typeof(ListenList) => new ListenKind(),
        _ when type == typeof(ByteSize) => new ByteSizeKind(),
        _ when type == typeof(TimeSpan) => new DurationKind(),
        _ when type == typeof(int) => new NumberKind(),
        _ when type == typeof(bool) => new SwitchKind(),
        _ when type == typeof(FilePath) => new PathKind(),
        _ when type == typeof(string) => new TextKind(),
        _ when type == typeof(IReadOnlyList<string>) => new ListKind(),
        _ when type == typeof(AcknowledgeRules) => new AcknowledgeRulesKind(),
        { IsEnum: true } => new ChoiceKind(type),
        _ => throw new NotSupportedException($"No configuration value is written as {type}."),
    };

    /// <summary>Reads a value; <paramref name="problem"/> completes the sentence "'text' …".</summary>
    public abstract bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem);

    /// <summary>Writes a value so that <see cref="TryParse"/> reads the same.</summary>
    public virtual string Write(object value) => value.ToString() ?? "";
}
