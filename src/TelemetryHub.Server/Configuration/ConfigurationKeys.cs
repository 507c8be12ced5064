using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace TelemetryHub.Server.Configuration;

/// <summary>All keys there are: the options classes of the parts, each under its section.</summary>
public sealed class ConfigurationKeys
{
    private readonly List<ConfigurationKey> _keys = [];
    private readonly Dictionary<string, ConfigurationKey> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every key, in the order of declaration.</summary>
    public IReadOnlyList<ConfigurationKey> All => _keys;

    /// <summary>First parts of the names.</summary>
    public IEnumerable<string> Sections => _keys.Select(key => key.Section).Distinct();

    /// <summary>Adds the keys that a class of options declares.</summary>
    public ConfigurationKeys Add<TOptions>(string section)
        where TOptions : class, new()
    {
        var defaults = new TOptions();
        foreach (var property in typeof(TOptions).GetProperties())
        {
            if (property.GetCustomAttribute<KeyAttribute>() is not { } declaration)
                continue;

            var key = new ConfigurationKey(section, property, declaration, defaults);
            _keys.Add(key);
            _byName.Add(key.Name, key);
        }

        return this;
    }

    /// <summary>The key of this name; upper and lower case are the same.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out ConfigurationKey? key) => _byName.TryGetValue(name, out key);

    /// <summary>The known name that looks most like this one.</summary>
    public string Nearest(string name) => Spelling.Nearest(name, _keys.Select(key => key.Name));
}
