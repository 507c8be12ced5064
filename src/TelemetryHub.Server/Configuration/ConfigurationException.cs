namespace TelemetryHub.Server.Configuration;

/// <summary>The configuration is wrong; the message lists everything that is.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>With all problems.</summary>
    public ConfigurationException(IReadOnlyList<ConfigurationProblem> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; }
}
