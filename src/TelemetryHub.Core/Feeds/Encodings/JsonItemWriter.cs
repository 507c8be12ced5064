using System.Text.Unicode;
using TelemetryHub.Core.Feeds.Json;
using TelemetryHub.Core.Feeds.Queries;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>Writes an item as a JSON object in one line, without an end of line.</summary>
internal ref struct JsonItemWriter(ByteOutput output) : IItemWriter
{
    private byte _before; // what stands before the next name

    /// <summary>Where it goes; not a property, because it is written to.</summary>
    public ByteOutput Output = output;

    public void Start(int members) => _before = (byte)'{';

    public void Name(ReadOnlySpan<byte> name)
    {
        var room = Output.Room(name.Length + 4);
        room[0] = _before;
        room[1] = (byte)'"';
        name.CopyTo(room[2..]);
        room[name.Length + 2] = (byte)'"';
        room[name.Length + 3] = (byte)':';
        Output.Advance(name.Length + 4);
        _before = (byte)',';
    }

    public void Text(ReadOnlySpan<byte> utf8) => JsonString.Write(ref Output, utf8);

    public void Text(string text) => JsonString.Write(ref Output, text);

    public void Cursor(ReadOnlySpan<byte> epoch, long sequence)
    {
        Output.Write((byte)'"');
        Output.WriteCursor(epoch, sequence);
        Output.Write((byte)'"');
    }

    public void Time(long unixMilliseconds)
    {
        Output.Write((byte)'"');
        Rfc3339.Write(ref Output, unixMilliseconds);
        Output.Write((byte)'"');
    }

    public void Number(long number) => Output.WriteNumber(number);

    public void Bool(bool value) => Output.Write(value ? "true"u8 : "false"u8);

    public void Null() => Output.Write("null"u8);

    /// <summary>A payload that is JSON stands as it came, other UTF-8 as a string, the rest as base64 with <c>"encoding":"base64"</c>.</summary>
    public void Payload(ReadOnlySpan<byte> payload, FieldSelection? fields)
    {
        Name("payload"u8);
        if (fields is not null && fields.TryWrite(payload, Output.Flush()))
            return;

        if (JsonScan.IsValue(payload))
        {
            JsonString.WriteInOneLine(ref Output, payload);
        }
        else if (Utf8.IsValid(payload))
        {
            JsonString.Write(ref Output, payload);
        }
        else
        {
            Output.Write((byte)'"');
            Output.WriteBase64(payload);
            Output.Write("\",\"encoding\":\"base64\""u8);
        }
    }

    public void End()
    {
        if (_before == '{')
            Output.Write((byte)'{');
        Output.Write((byte)'}');
    }
}
