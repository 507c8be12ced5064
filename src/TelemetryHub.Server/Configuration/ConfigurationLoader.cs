using System.Collections;
using TelemetryHub.Server.Configuration.Sources;

namespace TelemetryHub.Server.Configuration;

/// <summary>Reads the three sources of the process: the file, over it the environment, over that the command line.</summary>
internal static class ConfigurationLoader
{
    public const string DefaultFile = "telemetryhub.json";

    /// <summary>The effective configuration; with any problem it is not to be used.</summary>
    public static HubConfiguration Load(
        CommandLine commandLine, IDictionary environment, ConfigurationKeys keys, out List<ConfigurationProblem> problems)
    {
        problems = [];
        var file = ReadFile(commandLine.ConfigFile, problems);
        var variables = EnvironmentSource.Read(environment, keys.Sections);
        problems.AddRange(commandLine.Problems);
        return HubConfiguration.Read(keys, [file, variables, commandLine.Entries], problems);
    }

    private static List<ConfigurationEntry> ReadFile(string? named, List<ConfigurationProblem> problems)
    {
        var file = named ?? DefaultFile;
        if (named is null && !File.Exists(file))
            return [];

        try
        {
            return JsonSource.Read(File.ReadAllBytes(file), file, problems);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(file, "", $"cannot be read: {error.Message}"));
            return [];
        }
    }
}
