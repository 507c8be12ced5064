using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Tools;

/// <summary>One thing that the program does instead of running the hub: <c>TelemetryHub.Server journal info</c>.</summary>
internal interface ITool
{
    /// <summary>What it belongs to, the first word: <c>journal</c>.</summary>
    string Group { get; }

    /// <summary>What it does, the second word: <c>info</c>.</summary>
    string Verb { get; }

    /// <summary>What it does, for <c>--help</c>.</summary>
    string Description { get; }

    /// <summary>Name of the one thing that has to be given besides options, <c>TARGET</c>; null for none.</summary>
    string? Argument { get; }

    /// <summary>Its options, besides the keys of the configuration.</summary>
    IReadOnlyList<ToolOption> Options { get; }

    /// <summary>Does it, and says how it went.</summary>
    /// <exception cref="UsageException">An option does not make sense.</exception>
    ExitCode Run(ToolCall call);
}
