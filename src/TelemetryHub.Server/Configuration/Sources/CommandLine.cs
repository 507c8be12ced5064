namespace TelemetryHub.Server.Configuration.Sources;

/// <summary>The command line, taken apart: what to do, and the keys that are set on it.</summary>
internal sealed class CommandLine
{
    private const string Source = "command line";
    private static readonly string[] Switches = ["--check", "--config", "--help", "--version"];

    private readonly ConfigurationKeys _keys;
    private readonly Queue<string> _rest;

    private CommandLine(IEnumerable<string> args, ConfigurationKeys keys)
    {
        _keys = keys;
        _rest = new(args);
    }

    public bool Check { get; private set; }

    public bool Help { get; private set; }

    public bool Version { get; private set; }

    public string? ConfigFile { get; private set; }

    public List<ConfigurationEntry> Entries { get; } = [];

    public List<ConfigurationProblem> Problems { get; } = [];

    public static CommandLine Parse(IEnumerable<string> args, ConfigurationKeys keys)
    {
        var commandLine = new CommandLine(args, keys);
        while (commandLine._rest.TryDequeue(out var argument))
            commandLine.Take(argument);

        return commandLine;
    }

    private void Take(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument : argument[..equals];
        var value = equals < 0 ? null : argument[(equals + 1)..];
        switch (name)
        {
            case "--check" when value is null:
                Check = true;
                break;
            case "--help" or "-h" or "-?" when value is null:
                Help = true;
                break;
            case "--version" when value is null:
                Version = true;
                break;
            case "--config":
                TakeConfigFile(value ?? NextValue());
                break;
            case ['-', '-', _, ..]:
                TakeKey(name[2..], value);
                break;
            default:
                Problems.Add(new(argument, Source, "there is no such command; --help tells what there is"));
                break;
        }
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
            var candidates = Switches.Concat(_keys.All.Select(known => "--" + known.Name));
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

    private string? NextValue() =>
        _rest.TryPeek(out var next) && !next.StartsWith("--", StringComparison.Ordinal) ? _rest.Dequeue() : null;
}
