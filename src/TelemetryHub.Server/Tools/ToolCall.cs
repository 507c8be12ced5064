using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Tools;

/// <summary>What a tool was told, and where it writes.</summary>
internal sealed class ToolCall
{
    /// <summary>The effective configuration, from the same sources as the hub's.</summary>
    public required HubConfiguration Configuration { get; init; }

    /// <summary>The one thing that was given besides options; empty when the tool takes none.</summary>
    public required string Argument { get; init; }

    /// <summary>Options and their values, in the order in which they were given; a switch has an empty value.</summary>
    public required IReadOnlyList<(string Name, string Value)> Options { get; init; }

    /// <summary>For what was asked, as text.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>For what went wrong.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The same as <see cref="Output"/> as bytes, for what is too much for texts. A write that nobody reads throws.</summary>
    public required Func<Stream> OpenOutput { get; init; }

    /// <summary>What time it is.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether the option was given.</summary>
    public bool Has(string option) => Options.Any(given => given.Name == option);

    /// <summary>The option's value; null when it was not given.</summary>
    public string? Value(string option) => Options.FirstOrDefault(given => given.Name == option).Value;

    /// <summary>All values of an option that may be repeated.</summary>
    public IEnumerable<string> Values(string option) => Options.Where(given => given.Name == option).Select(given => given.Value);
}
