using System.Text.Json;

namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>Reads a client's message from a line of JSON.</summary>
internal static class JsonMessageReader
{
    /// <summary>Takes the next line that is not empty; false when there is none.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> rest, MessageDraft draft)
    {
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).Trim(" \r\t"u8);
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (line.IsEmpty) continue;
            Read(line, draft);
            return true;
        }

        return false;
    }

    private static void Read(ReadOnlySpan<byte> line, MessageDraft draft)
    {
        draft.Clear();
        try
        {
            var reader = new Utf8JsonReader(line);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject) ReadFields(ref reader, line, draft);
            else draft.Fail(ErrorCode.BadMessage, "A message is a JSON object in one line.");
        }
        catch (JsonException error)
        {
            draft.Fail(ErrorCode.BadMessage, $"Not JSON in one line: wrong at byte {error.BytePositionInLine}.");
        }
        catch (InvalidOperationException)
        {
            draft.Fail(ErrorCode.BadMessage, "A text has half of a surrogate pair.");
        }
    }

    private static void ReadFields(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, MessageDraft draft)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKnown = FieldRule.TryFind(reader.ValueSpan, out var field);
            if (!isKnown) draft.SetUnknown(reader.GetString()!);
            reader.Read();
            if (isKnown) draft.Set(field, ReadValue(ref reader, line, field));
            else reader.Skip();
        }

        reader.Read(); // throws when something stands behind the object
    }

    private static FieldValue ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, MessageField field)
    {
        if (field == MessageField.Payload) return ReadPayload(ref reader, line);
        var start = (int)reader.TokenStartIndex;
        var value = ReadValue(ref reader);
        if (field != MessageField.Ref || value.Kind == FieldKind.Null) return value;
        var raw = line[start..(int)reader.BytesConsumed];
        var isShort = value.Kind == FieldKind.Number ? raw.Length <= FieldRule.MaxRefLength : value.Kind == FieldKind.Text && value.Text.Length <= FieldRule.MaxRefLength;
        return isShort ? value with { Bytes = raw.ToArray() } : FieldValue.Other;
    }

    private static FieldValue ReadValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null: return FieldValue.Null;
            case JsonTokenType.True: return FieldValue.Of(true);
            case JsonTokenType.False: return FieldValue.Of(false);
            case JsonTokenType.Number: return FieldValue.Of(reader.TryGetDouble(out var number) ? number : double.NaN);
            case JsonTokenType.String: return FieldValue.Of(reader.GetString()!);
            case JsonTokenType.StartArray: return ReadTexts(ref reader);
            default:
                reader.Skip();
                return FieldValue.Other;
        }
    }

    private static FieldValue ReadTexts(ref Utf8JsonReader reader)
    {
        var texts = new List<string>();
        var isOther = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String) texts.Add(reader.GetString()!);
            else isOther = true;
            reader.Skip();
        }

        return isOther ? FieldValue.Other : FieldValue.Of(texts);
    }

    // A text is published as it reads, everything else as its JSON.
    private static FieldValue ReadPayload(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var text = new byte[reader.ValueSpan.Length];
            var length = reader.CopyString(text);
            return FieldValue.Of(length == text.Length ? text : text[..length]);
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return FieldValue.Of(line[start..(int)reader.BytesConsumed].ToArray());
    }
}
