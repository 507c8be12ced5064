using System.Collections;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Configuration.Sources;

namespace TelemetryHub.Server.Tests.Configuration;

/// <summary>Reads a configuration from made-up sources.</summary>
internal sealed class Reading
{
    private Reading(HubConfiguration configuration, List<string> problems) => (Configuration, Problems) = (configuration, problems);

    public HubConfiguration Configuration { get; }

    public List<string> Problems { get; }

    public static Reading Of(string json = "{}", string[]? environment = null, string[]? args = null, ConfigurationKeys? keys = null)
    {
        keys ??= KnownKeys.OfTheProcess();
        var problems = new List<ConfigurationProblem>();
        var variables = new Hashtable();
        foreach (var variable in environment ?? [])
            variables.Add(variable.Split('=')[0], variable.Split('=')[1]);

        var file = JsonSource.Read(System.Text.Encoding.UTF8.GetBytes(json), "telemetryhub.json", problems);
        var commandLine = CommandLine.Parse(args ?? [], keys);
        problems.AddRange(commandLine.Problems);
        var sources = new[] { file, EnvironmentSource.Read(variables, keys.Sections), commandLine.Entries };
        var configuration = HubConfiguration.Read(keys, sources, problems);
        return new Reading(configuration, [.. problems.Select(problem => problem.ToString())]);
    }

    public string Source(string key) => Configuration.Values.Single(value => value.Key.Name == key).Source;
}
