namespace TelemetryHub.Server.Configuration;

/// <summary>The effective configuration: a valid value for every key. Immutable.</summary>
public sealed class HubConfiguration
{
    private readonly Dictionary<Type, object> _options = [];

    private HubConfiguration(IReadOnlyList<EffectiveValue> values)
    {
        Values = values;
        foreach (var value in values)
        {
            var type = value.Key.OptionsType;
            if (!_options.TryGetValue(type, out var options))
                _options.Add(type, options = Activator.CreateInstance(type)!);

            value.Key.Set(options, value.Value);
        }
    }

    /// <summary>Every key's value and source, in the order of declaration.</summary>
    public IReadOnlyList<EffectiveValue> Values { get; }

    /// <summary>The options objects, one for each class.</summary>
    internal IEnumerable<object> Options => _options.Values;

    /// <summary>The options of a part.</summary>
    public TOptions Get<TOptions>()
        where TOptions : class => (TOptions)_options[typeof(TOptions)];

    /// <summary>The options of a part, when its keys are among those that were read.</summary>
    internal TOptions? Find<TOptions>()
        where TOptions : class => _options.GetValueOrDefault(typeof(TOptions)) as TOptions;

    /// <summary>Reads what the sources say, later ones over earlier ones. Finds every problem, not only the first.</summary>
    /// <param name="keys">The keys there are.</param>
    /// <param name="sources">What each source says, the weakest first.</param>
    /// <param name="problems">What is wrong is added here; with any, the result is not to be used.</param>
    internal static HubConfiguration Read(
        ConfigurationKeys keys, IEnumerable<IReadOnlyList<ConfigurationEntry>> sources, List<ConfigurationProblem> problems)
    {
        var values = keys.All.ToDictionary(key => key, Default);
        foreach (var source in sources)
            Apply(keys, source, values, problems);

        var configuration = new HubConfiguration([.. keys.All.Select(key => values[key])]);
        problems.AddRange(configuration.Check());
        return configuration;
    }

    private static EffectiveValue Default(ConfigurationKey key) =>
        key.TryParse(key.Default, out var value, out var problem)
            ? new EffectiveValue(key, key.Default, value, "default")
            : throw new InvalidOperationException($"The default of {key.Name} is wrong: {problem}.");

    private static void Apply(
        ConfigurationKeys keys,
        IReadOnlyList<ConfigurationEntry> source,
        Dictionary<ConfigurationKey, EffectiveValue> values,
        List<ConfigurationProblem> problems)
    {
        var said = new Dictionary<ConfigurationKey, string>();
        foreach (var (name, text, place) in source)
        {
            if (!keys.TryGet(name, out var key))
                problems.Add(new(name, place, $"there is no such key; did you mean {keys.Nearest(name)}?"));
            else if (!said.TryAdd(key, place))
                problems.Add(new(key.Name, place, said[key] == place ? "set twice" : $"set twice (first by {said[key]})"));
            else if (key.TryParse(text.Trim(), out var value, out var problem))
                values[key] = new EffectiveValue(key, text.Trim(), value, place);
            else
                problems.Add(new(key.Name, place, problem));
        }
    }

    private IEnumerable<ConfigurationProblem> Check()
    {
        foreach (var (type, options) in _options)
        {
            if (options is not ICheckedOptions checkedOptions)
                continue;

            foreach (var (property, problem) in checkedOptions.Check())
            {
                var value = Values.First(value => value.Key.OptionsType == type && value.Key.PropertyName == property);
                yield return new(value.Key.Name, value.Source, problem);
            }
        }

        foreach (var problem in Security.SafeByDefault.Check(this))
            yield return problem;
    }
}
