using Microsoft.Extensions.Primitives;
using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Feeds.Requests;

/// <summary>The texts of a request by name. Reading goes on after a problem; the first one is kept.</summary>
internal sealed class Parameters
{
    private const int ShownCharacters = 80;

    private readonly Dictionary<string, StringValues> _texts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the texts; a name that is not among the known ones is a problem.</summary>
    public Parameters(IEnumerable<KeyValuePair<string, StringValues>> texts, IReadOnlyList<string> known)
    {
        foreach (var (name, values) in texts)
        {
            if (known.Contains(name, StringComparer.OrdinalIgnoreCase))
                _texts[name] = values;
            else
                Fail(name, $"There is no parameter '{Shown(name)}'; did you mean '{Spelling.Nearest(Shown(name), known)}'?");
        }
    }

    /// <summary>Reads one value; <paramref name="problem"/> completes the sentence "'text' …".</summary>
    public delegate bool Reading<T>(string text, out T value, out string? problem);

    /// <summary>What is wrong, when something is.</summary>
    public RequestProblem? Problem { get; private set; }

    /// <summary>The first problem is the one that is told.</summary>
    public void Fail(string parameter, string detail) => Problem ??= new RequestProblem(Shown(parameter), detail);

    /// <summary>A parameter that may stand once; <paramref name="absent"/> when it is not given, or given empty.</summary>
    public T One<T>(string name, T absent, Reading<T> reading)
    {
        var texts = All(name);
        if (texts.Count > 1)
            Fail(name, $"'{name}' is given {texts.Count} times.");
        if (texts.Count != 1 || string.IsNullOrEmpty(texts[0]))
            return absent;
        if (reading(texts[0]!, out var value, out var problem))
            return value;

        Fail(name, $"'{Shown(texts[0]!)}' {problem}.");
        return absent;
    }

    /// <summary>A parameter that may be repeated.</summary>
    public StringValues All(string name) => _texts.GetValueOrDefault(name);

    /// <summary>So much of a text as an answer repeats.</summary>
    public static string Shown(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
}
