using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Win32.SafeHandles;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Configuration.Sources;
using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Hosting;

/// <summary>What was asked on the command line: to run, only to tell something, or to be a tool.</summary>
internal sealed class HubCommand(TextWriter output, TextWriter error)
{
    /// <summary>Version as people know it.</summary>
    public static string Version { get; } =
        typeof(HubCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Reads the configuration; false when there is nothing to run, then <paramref name="exitCode"/> says how it ended.</summary>
    public static bool TryRead(string[] args, [NotNullWhen(true)] out HubConfiguration? configuration, out int exitCode) =>
        new HubCommand(Console.Out, Console.Error)
            .TryRead(args, Environment.GetEnvironmentVariables(), out configuration, out exitCode);

    internal bool TryRead(
        string[] args, IDictionary environment, [NotNullWhen(true)] out HubConfiguration? configuration, out int exitCode)
    {
        configuration = null;
        if (ToolCommand.IsMeant(args))
        {
            exitCode = (int)new ToolCommand(KnownTools.All, output, error, OpenStandardOutput).Run(args, environment);
            return false;
        }

        var keys = KnownKeys.OfTheProcess();
        var commandLine = CommandLine.Parse(args, keys);
        exitCode = (int)ExitCode.Success;
        if (commandLine.Help || commandLine.Version)
        {
            output.Write(commandLine.Help ? HelpText.Write(keys) : $"TelemetryHub {Version}{Environment.NewLine}");
            return false;
        }

        var loaded = ConfigurationLoader.Load(commandLine, environment, keys, out var problems);
        if (problems.Count > 0)
        {
            Report(problems);
            exitCode = (int)ExitCode.WrongConfiguration;
            return false;
        }

        if (commandLine.Check)
        {
            output.Write(EffectiveTable.Write(loaded));
            return false;
        }

        configuration = loaded;
        return true;
    }

    // Not Console.OpenStandardOutput: that one goes on without a word when nobody reads any more, and "dump | head" would read the whole journal.
    private static Stream OpenStandardOutput() => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);

    private void Report(List<ConfigurationProblem> problems)
    {
        error.WriteLine(problems.Count == 1 ? "The configuration is wrong:" : $"The configuration is wrong in {problems.Count} places:");
        foreach (var problem in problems)
            error.WriteLine($"  {problem}");
    }
}
