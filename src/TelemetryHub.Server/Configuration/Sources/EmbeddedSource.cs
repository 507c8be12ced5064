namespace TelemetryHub.Server.Configuration.Sources;

/// <summary>Our sections of an application's own <see cref="IConfiguration"/>.</summary>
internal static class EmbeddedSource
{
    public static List<ConfigurationEntry> Read(IConfiguration configuration, IEnumerable<string> sections)
    {
        var entries = new List<ConfigurationEntry>();
        foreach (var section in sections)
            Collect(configuration.GetSection(section), entries);

        return entries;
    }

    private static void Collect(IConfigurationSection section, List<ConfigurationEntry> entries)
    {
        var children = section.GetChildren().ToList();
        if (children.Count > 0 && children.All(child => int.TryParse(child.Key, out _)))
            entries.Add(new(section.Path, string.Join(';', children.Select(child => child.Value)), "configuration")); // a JSON array
        else if (section.Value is { } value)
            entries.Add(new(section.Path, value, "configuration"));
        else
            children.ForEach(child => Collect(child, entries));
    }
}
