using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Tests.Tools;

/// <summary>A tool that does what the test says, and remembers what it was told.</summary>
internal sealed class FakeTool(string verb, string? argument = null) : ITool
{
    public string Group => "journal";

    public string Verb => verb;

    public string Description => "does nothing";

    public string? Argument => argument;

    public IReadOnlyList<ToolOption> Options { get; } =
        [new("--json", null, "as JSON"), new("--limit", "COUNT", "at most so many"), new("--topic", "FILTER", "only these", Repeatable: true)];

    public Func<ToolCall, ExitCode> Does { get; set; } = _ => ExitCode.Success;

    public ToolCall? Call { get; private set; }

    public ExitCode Run(ToolCall call)
    {
        Call = call;
        return Does(call);
    }
}
