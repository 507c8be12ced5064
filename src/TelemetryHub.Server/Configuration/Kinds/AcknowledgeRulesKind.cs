using System.Diagnostics.CodeAnalysis;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt.Topics;
using TelemetryHub.Server.Journaling;

namespace TelemetryHub.Server.Configuration.Kinds;

/// <summary><c>plant/+/alarm=synced;#=memory</c>: a topic filter and a level each, <c>;</c> between them; empty = none.</summary>
public sealed class AcknowledgeRulesKind : ValueKind
{
    private static readonly ChoiceKind Levels = new(typeof(AcknowledgeLevel));

    /// <inheritdoc/>
    public override string Name => "filter=level;…";

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = (null, null);
        var rules = new List<AcknowledgeRule>();
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryParseOne(part, out var rule, out problem))
                return false;

            // The second would never be asked: whoever wrote it expects something else.
            if (rules.Exists(other => other.Filter == rule.Filter))
            {
                problem = $"names the filter '{rule.Filter}' twice";
                return false;
            }

            rules.Add(rule);
        }

        value = AcknowledgeRules.Create([.. rules]);
        return true;
    }

    private static bool TryParseOne(string text, out AcknowledgeRule rule, [NotNullWhen(false)] out string? problem)
    {
        rule = default;
        var equals = text.LastIndexOf('='); // a topic may have one of its own
        if (equals < 0)
        {
            problem = $"has no level for '{text}' (filter=level, several with ';' between: plant/+/alarm=synced;#=memory)";
            return false;
        }

        var (name, word) = (text[..equals].TrimEnd(), text[(equals + 1)..].TrimStart());
        if (!TopicFilter.TryParse(name, out var filter) || filter.IsShared)
            problem = $"says '{name}' where a topic filter is expected (plant/+/alarm, plant/#, #)";
        else if (!Levels.TryParse(word, out var level, out problem))
            problem = $"says '{word}' for '{name}', which {problem}";
        else
            rule = new AcknowledgeRule(filter, (AcknowledgeLevel)level);

        return problem is null;
    }
}
