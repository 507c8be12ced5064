using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Configuration.Sources;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Tools;

/// <summary>The program as a tool: finds which one is meant, reads the same configuration as the hub would, and runs it.</summary>
internal sealed class ToolCommand(IReadOnlyList<ITool> tools, TextWriter output, TextWriter error, Func<Stream> openOutput)
{
    /// <summary>Whether a tool is meant: the first thing on the command line is a word.</summary>
    public static bool IsMeant(string[] args) => args is [[not '-', ..], ..];

    /// <summary>Runs the tool that is named by the first two words.</summary>
    public ExitCode Run(string[] args, IDictionary environment)
    {
        if (!TryFind(args, out var tool))
            return IsHelp(args) ? ExitCode.Success : ExitCode.WrongConfiguration;

        var keys = KnownKeys.OfTheProcess();
        var commandLine = CommandLine.Parse(args.Skip(2), keys, tool);
        if (commandLine.Help)
        {
            output.Write(ToolUsage.Describe(tool));
            return ExitCode.Success;
        }

        var configuration = ConfigurationLoader.Load(commandLine, environment, keys, out var problems);
        if (problems.Count == 0)
            return Run(tool, Call(commandLine, configuration));

        foreach (var problem in problems)
            Report(tool, problem.ToString());
        return ExitCode.WrongConfiguration;
    }

    private static bool IsHelp(string[] args) => args is [_, "--help" or "-h" or "-?", ..];

    private bool TryFind(string[] args, [NotNullWhen(true)] out ITool? tool)
    {
        tool = null;
        var group = tools.Where(candidate => candidate.Group == args[0]).ToList();
        if (group.Count == 0)
        {
            var nearest = Spelling.Nearest(args[0], tools.Select(candidate => candidate.Group));
            error.WriteLine($"There is no command '{args[0]}'; did you mean {nearest}? --help tells what there is.");
            return false;
        }

        if (IsHelp(args))
        {
            output.Write($"Usage: TelemetryHub.Server {args[0]} …{Environment.NewLine}{Environment.NewLine}{ToolUsage.List(group)}");
            return false;
        }

        var verbs = group.Select(candidate => candidate.Verb).ToList();
        if (args.Length == 1 || args[1].StartsWith('-'))
            error.WriteLine($"'{args[0]}' needs to be told what to do: {string.Join(", ", verbs)}.");
        else if ((tool = group.Find(candidate => candidate.Verb == args[1])) is null)
            error.WriteLine($"There is no command '{args[0]} {args[1]}'; did you mean {args[0]} {Spelling.Nearest(args[1], verbs)}?");

        return tool is not null;
    }

    private ToolCall Call(CommandLine commandLine, HubConfiguration configuration) => new()
    {
        Configuration = configuration,
        Argument = commandLine.Argument,
        Options = commandLine.Options,
        Output = output,
        Error = error,
        OpenOutput = openOutput,
    };

    private ExitCode Run(ITool tool, ToolCall call)
    {
        try
        {
            return tool.Run(call);
        }
        catch (UsageException wrong)
        {
            Report(tool, wrong.Message);
            return ExitCode.WrongConfiguration;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Report(tool, failure.Message);
            return ExitCode.Failed;
        }
    }

    private void Report(ITool tool, string problem) => error.WriteLine($"TelemetryHub {tool.Group} {tool.Verb}: {problem}");
}
