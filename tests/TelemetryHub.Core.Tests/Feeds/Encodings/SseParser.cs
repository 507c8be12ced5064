using System.Text;

namespace TelemetryHub.Core.Tests.Feeds.Encodings;

/// <summary>An event stream as a browser reads it: WHATWG HTML §9.2.5 and §9.2.6, step by step.</summary>
internal sealed class SseParser
{
    private readonly List<SseMessage> _messages = [];
    private readonly StringBuilder _data = new();
    private string _type = "";
    private string _idBuffer = "";

    private SseParser()
    {
    }

    public IReadOnlyList<SseMessage> Messages => _messages;

    /// <summary>What the browser would send when it comes back.</summary>
    public string LastEventId { get; private set; } = "";

    /// <summary>A line that is no field and no comment: nothing of ours is.</summary>
    public bool SawGarbage { get; private set; }

    public static SseParser Read(ReadOnlySpan<byte> stream)
    {
        var parser = new SseParser();
        var text = Encoding.UTF8.GetString(stream.StartsWith("\ufeff"u8) ? stream[3..] : stream);
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny('\r', '\n');
            if (end < 0)
                break; // a line that has not ended
            parser.Line(text.Substring(start, end));
            start += end + (text.AsSpan(start + end).StartsWith("\r\n") ? 2 : 1);
        }
        return parser;
    }

    private void Line(string line)
    {
        var colon = line.IndexOf(':');
        if (line.Length == 0)
            Dispatch();
        else if (colon < 0)
            Field(line, "");
        else if (colon > 0)
            Field(line[..colon], line[(colon + 1)..] is [' ', .. var rest] ? rest : line[(colon + 1)..]);
    }

    private void Field(string name, string value)
    {
        if (name == "event")
            _type = value;
        else if (name == "data")
            _data.Append(value).Append('\n');
        else if (name == "id" && !value.Contains('\0'))
            _idBuffer = value;
        else
            SawGarbage = true;
    }

    private void Dispatch()
    {
        LastEventId = _idBuffer;
        if (_data.Length > 0)
            _messages.Add(new SseMessage(_type.Length == 0 ? "message" : _type, _data.ToString(0, _data.Length - 1), LastEventId));
        _data.Clear();
        _type = "";
    }
}
