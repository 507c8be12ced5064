using System.Buffers;
using System.Text;
using TelemetryHub.Core.Feeds.Encodings.Cbor;

namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>Reads a client's message from a CBOR map with texts as keys.</summary>
internal static class CborMessageReader
{
    /// <summary>Takes the next item of the sequence; false when there is none. Behind one that is not CBOR nothing can be found.</summary>
    public static bool TryNext(ref CborReader reader, MessageDraft draft)
    {
        var wasBroken = reader.IsBroken;
        if (reader.Peek() == CborKind.End && (wasBroken || !reader.IsBroken)) return false;
        draft.Clear();
        if (reader.TryReadMap()) ReadFields(ref reader, draft);
        else if (reader.TrySkip()) draft.Fail(ErrorCode.BadMessage, "A message is a CBOR map.");
        if (reader.IsBroken) draft.Fail(ErrorCode.BadMessage, "Not CBOR, cut off, nested too deeply, or with a text in pieces; what follows was not read.");
        return true;
    }

    private static void ReadFields(ref CborReader reader, MessageDraft draft)
    {
        while (reader.MoveNext())
        {
            if (!reader.TryReadText(out var name))
            {
                draft.Fail(ErrorCode.BadMessage, "The keys of a message are texts.");
                if (!reader.TrySkip() || !reader.TrySkip()) return;
                continue;
            }

            if (FieldRule.TryFind(name, out var field))
            {
                draft.Set(field, field == MessageField.Ref ? ReadRef(ref reader) : ReadValue(ref reader, field));
            }
            else
            {
                draft.SetUnknown(Encoding.UTF8.GetString(name));
                reader.TrySkip();
            }
        }
    }

    // Given back in its shortest form, which is the same value.
    private static FieldValue ReadRef(ref CborReader reader)
    {
        var output = new ArrayBufferWriter<byte>(FieldRule.MaxRefLength);
        var writer = new CborWriter(output);
        var kind = FieldKind.Number;
        if (reader.TryReadInteger(out var integer))
        {
            writer.WriteInteger(integer);
        }
        else if (reader.TryReadNumber(out var number))
        {
            writer.WriteFloat(number);
        }
        else if (reader.TryReadText(out var utf8))
        {
            if (Encoding.UTF8.GetCharCount(utf8) > FieldRule.MaxRefLength) return FieldValue.Other;
            kind = FieldKind.Text;
            writer.WriteText(utf8);
        }
        else
        {
            return reader.TryReadNull() || !reader.TrySkip() ? FieldValue.Null : FieldValue.Other;
        }

        writer.Flush();
        return new FieldValue(kind) { Bytes = output.WrittenSpan.ToArray() };
    }

    private static FieldValue ReadValue(ref CborReader reader, MessageField field)
    {
        if (reader.TryReadText(out var utf8))
            return field == MessageField.Payload ? FieldValue.Of(utf8.ToArray()) : FieldValue.Of(Encoding.UTF8.GetString(utf8));
        if (reader.TryReadBytes(out var bytes)) return FieldValue.Of(bytes.ToArray());
        if (reader.TryReadBool(out var value)) return FieldValue.Of(value);
        if (reader.TryReadNumber(out var number)) return FieldValue.Of(number);
        if (reader.TryReadNull()) return FieldValue.Null;
        if (reader.TryReadArray()) return ReadTexts(ref reader);
        reader.TrySkip();
        return FieldValue.Other;
    }

    private static FieldValue ReadTexts(ref CborReader reader)
    {
        var texts = new List<string>();
        var isOther = false;
        while (reader.MoveNext())
        {
            if (reader.TryReadText(out var utf8)) texts.Add(Encoding.UTF8.GetString(utf8));
            else isOther = reader.TrySkip();
        }

        return isOther ? FieldValue.Other : FieldValue.Of(texts);
    }
}
