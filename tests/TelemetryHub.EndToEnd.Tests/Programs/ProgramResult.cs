namespace TelemetryHub.EndToEnd.Tests.Programs;

/// <summary>How a program ended and everything it wrote.</summary>
public sealed record ProgramResult(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    /// <summary>Fails the test, with what the program wrote, unless it ended with 0.</summary>
    public ProgramResult ShouldSucceed()
    {
        ExitCode.ShouldBe(0, string.Join('\n', Output.TakeLast(40).Concat(Errors.TakeLast(40))));
        return this;
    }
}
