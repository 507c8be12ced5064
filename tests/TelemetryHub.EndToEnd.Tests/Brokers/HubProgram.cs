using System.Reflection;
using System.Text.RegularExpressions;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Brokers;

/// <summary>The program that was built with these tests: how it is started, how it says that it is ready, and that it complains.</summary>
internal static partial class HubProgram
{
    /// <summary>Starts it; <paramref name="arguments"/> is its command line.</summary>
    public static RunningProgram Start(IEnumerable<string> arguments)
    {
        var program = RunningProgram.Start("dotnet", [Assembly(), .. arguments]);
        program.Input.Close();
        return program;
    }

    /// <summary>Runs it as a tool, to its end: <c>journal</c>, <c>verify</c>, …</summary>
    public static Task<ProgramResult> RunToolAsync(params string[] arguments) =>
        RunningProgram.RunAsync("dotnet", [Assembly(), .. arguments], Patience.LongLimit);

    /// <summary>The ports of its listeners (<c>mqtt</c>, <c>mqtts</c>, <c>http</c>, <c>https</c>), once it has said that it is ready.</summary>
    public static async Task<Dictionary<string, int>> ReadPortsAsync(RunningProgram program, int listeners)
    {
        var lines = await Patience.For(
            program.Output.FirstAsync(listeners, line => ListenerLine().IsMatch(line)), $"the hub's {listeners} listeners");
        return lines.Select(line => ListenerLine().Match(line))
            .ToDictionary(match => match.Groups["kind"].Value, match => int.Parse(match.Groups["port"].ValueSpan));
    }

    /// <summary>Fails the test when the hub logged an error, however it ended, other than the <paramref name="expected"/> one.</summary>
    public static void ShouldHaveNoComplaint(this ProgramResult result, string? expected = null) =>
        result.Output.Concat(result.Errors)
            .Where(line => Complaint().IsMatch(line) && (expected is null || !line.Contains(expected, StringComparison.Ordinal)))
            .ShouldBeEmpty("the hub logged an error");

    private static string Assembly() => Path.GetFullPath(typeof(HubProgram).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ServerAssembly").Value!);

    [GeneratedRegex(@"^\s+(?<kind>mqtt|mqtts|http|https)\s+\S*:(?<port>\d+)\s*$")]
    private static partial Regex ListenerLine();

    // "2026-01-31 12:00:00.000 ERR Broker: …"; what .NET itself writes comes without a date.
    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \S+ (ERR|CRT) |Unhandled exception", RegexOptions.CultureInvariant)]
    private static partial Regex Complaint();
}
