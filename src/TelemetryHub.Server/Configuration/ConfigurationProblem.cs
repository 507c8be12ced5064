namespace TelemetryHub.Server.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Subject">The key, or the file.</param>
/// <param name="Source">Where it stands; empty when the subject says it all.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public readonly record struct ConfigurationProblem(string Subject, string Source, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Source.Length == 0 ? $"{Subject}: {Message}" : $"{Subject} ({Source}): {Message}";
}
