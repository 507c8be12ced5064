using System.Diagnostics.CodeAnalysis;

namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>A condition on the fields of a JSON payload, compiled once. Equal when written the same. Any thread.</summary>
public sealed class PayloadCondition : IEquatable<PayloadCondition>
{
    private readonly string _text;

    private readonly ConditionProgram _program;

    private PayloadCondition(string text, ConditionProgram program)
    {
        _text = text;
        _program = program;
    }

    /// <summary>Compiles a condition; when it cannot be, <paramref name="problem"/> says where and why.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PayloadCondition? condition, [NotNullWhen(false)] out string? problem)
    {
        var program = ConditionParser.Parse(text, out problem);
        condition = program is null ? null : new PayloadCondition(text, program);
        return program is not null;
    }

    /// <summary>Does the payload fulfil it? Allocates nothing. A payload that is not JSON fulfils nothing.</summary>
    public bool Matches(ReadOnlySpan<byte> payload) => new ConditionRun(_program, payload).Matches();

    /// <inheritdoc/>
    public bool Equals(PayloadCondition? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PayloadCondition);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;
}
