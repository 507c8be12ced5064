using System.Collections;
using System.Runtime.CompilerServices;

namespace TelemetryHub.Server.Journaling;

/// <summary>Levels by topic, <c>plant/+/alarm=synced;#=memory</c>: the first filter that matches decides. Immutable.</summary>
[CollectionBuilder(typeof(AcknowledgeRules), nameof(Create))]
public sealed class AcknowledgeRules : IReadOnlyList<AcknowledgeRule>
{
    private readonly AcknowledgeRule[] _rules;

    private AcknowledgeRules(AcknowledgeRule[] rules) => _rules = rules;

    /// <inheritdoc/>
    public int Count => _rules.Length;

    /// <inheritdoc/>
    public AcknowledgeRule this[int index] => _rules[index];

    /// <summary>A list of these rules.</summary>
    public static AcknowledgeRules Create(ReadOnlySpan<AcknowledgeRule> rules) => new(rules.ToArray());

    /// <inheritdoc/>
    public IEnumerator<AcknowledgeRule> GetEnumerator() => ((IEnumerable<AcknowledgeRule>)_rules).GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(';', _rules);

    IEnumerator IEnumerable.GetEnumerator() => _rules.GetEnumerator();
}
