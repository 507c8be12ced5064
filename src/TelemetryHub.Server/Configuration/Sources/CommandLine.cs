using TelemetryHub.Server.Tools;

namespace TelemetryHub.Server.Configuration.Sources;

/// <summary>The command line, taken apart: what to do, and the keys that are set on it.</summary>
internal sealed class CommandLine
{
    private const string Source = "command line";

    private readonly ConfigurationKeys _keys;
    private readonly ITool? _tool;
    private readonly Queue<string> _rest;

    private CommandLine(IEnumerable<string> args, ConfigurationKeys keys, ITool? tool)
    {
        _keys = keys;
        _tool = tool;
        _rest = new(args);
    }

    public bool Check { get; private set; }

    public bool Help { get; private set; }

    public bool Version { get; private set; }

    public string? ConfigFile { get; private set; }

    /// <summary>What was given to the tool besides options; empty when nothing was.</summary>
    public string Argument { get; private set; } = "";

    /// <summary>The tool's options and their values, in order.</summary>
    public List<(string Name, string Value)> Options { get; } = [];

    public List<ConfigurationEntry> Entries { get; } = [];

    public List<ConfigurationProblem> Problems { get; } = [];

    /// <summary>Takes it apart; with a tool, the two words that name it must have been taken away.</summary>
    public static CommandLine Parse(IEnumerable<string> args, ConfigurationKeys keys, ITool? tool = null)
    {
        var commandLine = new CommandLine(args, keys, tool);
        while (commandLine._rest.TryDequeue(out var argument))
            commandLine.Take(argument);

        if (tool?.Argument is { } missing && commandLine is { Argument: "", Help: false, Problems.Count: 0 })
            commandLine.Problems.Add(new(missing, Source, $"is missing: {tool.Group} {tool.Verb} {missing}"));
        return commandLine;
    }

    private void Take(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument : argument[..equals];
        var value = equals < 0 ? null : argument[(equals + 1)..];
        switch (name)
        {
            case "--check" when value is null && _tool is null:
                Check = true;
                break;
            case "--help" or "-h" or "-?" when value is null:
                Help = true;
                break;
            case "--version" when value is null && _tool is null:
                Version = true;
                break;
            case "--config":
                TakeConfigFile(value ?? NextValue());
                break;
            case ['-', '-', _, ..] when _tool?.Options.FirstOrDefault(option => option.Name == name) is { } option:
                TakeOption(option, value);
                break;
            case ['-', '-', _, ..]:
                TakeKey(name[2..], value);
                break;
            case [not '-', ..] when _tool?.Argument is { } expected:
                TakeArgument(argument, expected);
                break;
            default:
                Problems.Add(new(argument, Source, "there is no such command; --help tells what there is"));
                break;
        }
    }

    private void TakeArgument(string argument, string expected)
    {
        if (Argument.Length > 0)
            Problems.Add(new(argument, Source, $"there is one {expected} already: '{Argument}'"));
        else
            Argument = argument;
    }

    private void TakeOption(ToolOption option, string? value)
    {
        if (option.Value is not null)
            value ??= NextValue();

        if (option.Value is null && value is not null)
            Problems.Add(new(option.Name, Source, "takes no value"));
        else if (option.Value is not null && string.IsNullOrEmpty(value))
            Problems.Add(new(option.Name, Source, $"needs a value: {option.Name}={option.Value}"));
        else if (!option.Repeatable && Options.Exists(given => given.Name == option.Name))
            Problems.Add(new(option.Name, Source, "given twice"));
        else
            Options.Add((option.Name, value ?? ""));
    }

    private void TakeConfigFile(string? file)
    {
        if (string.IsNullOrEmpty(file))
            Problems.Add(new("--config", Source, "needs the name of a file"));
        else if (ConfigFile is not null)
            Problems.Add(new("--config", Source, $"given twice: '{ConfigFile}' and '{file}'"));
        else
            ConfigFile = file;
    }

    private void TakeKey(string name, string? value)
    {
        if (!_keys.TryGet(name, out var key) && !name.Contains(':', StringComparison.Ordinal))
        {
            var candidates = Switches().Concat(_keys.All.Select(known => "--" + known.Name));
            Problems.Add(new($"--{name}", Source, $"there is no such option; did you mean {Spelling.Nearest("--" + name, candidates)}?"));
            return;
        }

        // '--Hub:AllowAnonymousRemote' alone means true, as switches do everywhere.
        value ??= NextValue() ?? (key?.Kind is Kinds.SwitchKind ? "true" : null);
        if (value is null && key is not null)
            Problems.Add(new(key.Name, Source, "needs a value: --" + key.Name + "=…"));
        else
            Entries.Add(new(name, value ?? "", Source));
    }

    private IEnumerable<string> Switches() =>
        _tool is null ? ["--check", "--config", "--help", "--version"] : [.. _tool.Options.Select(option => option.Name), "--config", "--help"];

    private string? NextValue() =>
        _rest.TryPeek(out var next) && !next.StartsWith("--", StringComparison.Ordinal) ? _rest.Dequeue() : null;
}
