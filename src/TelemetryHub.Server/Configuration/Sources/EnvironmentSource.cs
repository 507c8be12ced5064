using System.Collections;

namespace TelemetryHub.Server.Configuration.Sources;

/// <summary>Environment variables like <c>Mqtt__Listen</c>. Those of other programs are not looked at: only ours begin with a section and <c>__</c>.</summary>
internal static class EnvironmentSource
{
    private const string Separator = "__";

    public static List<ConfigurationEntry> Read(IDictionary variables, IEnumerable<string> sections)
    {
        var ours = sections.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var entries = new List<ConfigurationEntry>();
        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            var end = name.IndexOf(Separator, StringComparison.Ordinal);
            if (end > 0 && ours.Contains(name[..end]))
                entries.Add(new(name.Replace(Separator, ":", StringComparison.Ordinal), (string?)variable.Value ?? "", $"environment {name}"));
        }

        // The environment has no order; messages should.
        entries.Sort((left, right) => string.CompareOrdinal(left.Source, right.Source));
        return entries;
    }
}
