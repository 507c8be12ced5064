using System.Text;
using System.Text.Json;

namespace TelemetryHub.Server.Configuration.Sources;

/// <summary>Reads <c>telemetryhub.json</c>: sections as objects, comments and trailing commas allowed, every entry with its line.</summary>
internal ref struct JsonSource
{
    private readonly byte[] _json;
    private readonly string _file;
    private readonly List<ConfigurationProblem> _problems;
    private readonly List<ConfigurationEntry> _entries = [];
    private Utf8JsonReader _reader;

    private JsonSource(byte[] json, string file, List<ConfigurationProblem> problems)
    {
        _json = json;
        _file = file;
        _problems = problems;
        _reader = new(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    private readonly string Place => $"{_file}:{_json.AsSpan(0, (int)_reader.TokenStartIndex).Count((byte)'\n') + 1}";

    /// <summary>Entries of the file in its order; what is not to be understood goes to <paramref name="problems"/>.</summary>
    public static List<ConfigurationEntry> Read(byte[] json, string file, List<ConfigurationProblem> problems)
    {
        var text = json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? json[3..] : json;
        var source = new JsonSource(text, file, problems);
        try
        {
            source.ReadRoot();
        }
        catch (JsonException error)
        {
            problems.Add(new($"{file}:{error.LineNumber + 1}", "", $"not valid JSON: {error.Message}"));
        }

        return source._entries;
    }

    private void ReadRoot()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.StartObject)
            ReadObject("");
        else
            _problems.Add(new(Place, "", "the file has to be one JSON object: { \"Mqtt\": { … } }"));

        _reader.Read(); // finds what stands behind the end
    }

    private void ReadObject(string path)
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = _reader.GetString();
            var key = path.Length == 0 ? name! : $"{path}:{name}";
            _reader.Read();
            ReadValue(key);
        }
    }

    private void ReadValue(string key)
    {
        var place = Place;
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(key);
                break;
            case JsonTokenType.StartArray:
                ReadArray(key, place);
                break;
            case JsonTokenType.Null:
                _problems.Add(new(key, place, "null is not a value; leave the key out to get its default"));
                break;
            default:
                _entries.Add(new(key, Scalar(), place));
                break;
        }
    }

    /// <summary>An array is another way to write a list with <c>;</c>.</summary>
    private void ReadArray(string key, string place)
    {
        var items = new List<string>();
        var flat = true;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.Null)
            {
                flat = false;
                _reader.Skip();
            }
            else
            {
                items.Add(Scalar());
            }
        }

        if (flat)
            _entries.Add(new(key, string.Join(';', items), place));
        else
            _problems.Add(new(key, place, "a list may hold texts only"));
    }

    private readonly string Scalar() =>
        _reader.TokenType == JsonTokenType.String ? _reader.GetString()! : Encoding.UTF8.GetString(_reader.ValueSpan);
}
