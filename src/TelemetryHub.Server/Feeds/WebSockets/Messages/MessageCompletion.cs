using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>Makes a message of a draft that has been read to its end.</summary>
internal static class MessageCompletion
{
    private const int MaxSubLength = 64;
    private const string Base64Name = "base64";

    private static readonly string[] TypeNames = [.. Enum.GetNames<MessageType>().Select(name => name.ToLowerInvariant())];

    private static readonly SearchValues<char> SubCharacters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-");

    // Those whose values are texts like the parameters of a URL.
    private static readonly MessageField[] Options =
    [
        MessageField.Since, MessageField.Snapshot, MessageField.Every, MessageField.Overflow, MessageField.Where, MessageField.Fields,
        MessageField.Format, MessageField.Heartbeat,
    ];

    /// <summary>Returns null when <see cref="MessageDraft.Problem"/> says what is wrong.</summary>
    public static ClientMessage? Complete(MessageDraft draft)
    {
        if (draft.Problem is not null || !TryReadType(draft, out var type)) return null;
        CheckFields(draft, type);
        var message = draft.Problem is null ? Make(draft, type) : null;
        return draft.Problem is null ? message : null;
    }

    private static bool TryReadType(MessageDraft draft, out MessageType type)
    {
        var given = draft[MessageField.Type];
        type = (MessageType)Array.IndexOf(TypeNames, given.Kind == FieldKind.Text ? given.Text : "");
        if ((int)type < TypeNames.Length) return true;
        draft.Fail(ErrorCode.UnknownType, "'type' must be 'subscribe', 'unsubscribe', 'publish', 'auth' or 'ping'.");
        return false;
    }

    private static void CheckFields(MessageDraft draft, MessageType type)
    {
        for (var field = MessageField.Type; field <= MessageField.Token; field++)
        {
            if (draft[field].Kind != FieldKind.Null && FieldRule.Of(field).Check(type, draft[field]) is { } problem) draft.Fail(problem.Code, problem.Message);
        }
    }

    private static ClientMessage Make(MessageDraft draft, MessageType type) => type switch
    {
        MessageType.Subscribe => new ClientMessage { Type = type, Ref = draft.Ref, Sub = ReadSub(draft), Topics = ReadTopics(draft), Options = [.. ReadOptions(draft)] },
        MessageType.Unsubscribe => new ClientMessage { Type = type, Ref = draft.Ref, Sub = ReadSub(draft) },
        MessageType.Publish => new ClientMessage
        {
            Type = type,
            Ref = draft.Ref,
            Topic = Required(draft, MessageField.Topic).Text,
            Payload = ReadPayload(draft),
            QoS = ReadQoS(draft),
            Retain = draft[MessageField.Retain].Boolean,
        },
        MessageType.Auth => Auth(draft),
        _ => new ClientMessage { Type = type, Ref = draft.Ref },
    };

    // What it proves is nobody's business yet: there is nothing to prove it to.
    private static ClientMessage Auth(MessageDraft draft)
    {
        Required(draft, MessageField.Token);
        return new ClientMessage { Type = MessageType.Auth, Ref = draft.Ref };
    }

    private static FieldValue Required(MessageDraft draft, MessageField field)
    {
        if (draft[field].Kind == FieldKind.Null) draft.Fail(ErrorCode.MissingField, $"'{FieldRule.Of(field).Name}' is missing.");
        return draft[field];
    }

    private static string ReadSub(MessageDraft draft)
    {
        var sub = Required(draft, MessageField.Sub).Text ?? "";
        var isName = sub.Length is > 0 and <= MaxSubLength && !sub.AsSpan().ContainsAnyExcept(SubCharacters);
        if (!isName) draft.Fail(ErrorCode.BadField, $"'sub' must be 1 to {MaxSubLength} of '0-9', 'A-Z', 'a-z', '.', '_' and '-'.");
        return sub;
    }

    private static IReadOnlyList<string> ReadTopics(MessageDraft draft)
    {
        var topics = Required(draft, MessageField.Topics).Texts ?? [];
        if (topics.Count == 0) draft.Fail(ErrorCode.BadField, "'topics' must name at least one filter.");
        return topics;
    }

    private static IEnumerable<KeyValuePair<string, string>> ReadOptions(MessageDraft draft)
    {
        foreach (var field in Options)
        {
            var value = draft[field];
            var text = value.Kind switch
            {
                FieldKind.Text => value.Text,
                FieldKind.Boolean => value.Boolean ? "true" : "false",
                FieldKind.Number => value.Number.ToString(CultureInfo.InvariantCulture),
                _ => null,
            };
            if (text is not null) yield return new(FieldRule.Of(field).Name, text);
        }
    }

    private static byte[] ReadPayload(MessageDraft draft)
    {
        var payload = draft[MessageField.Payload].Bytes ?? [];
        var encoding = draft[MessageField.Encoding];
        if (encoding.Kind == FieldKind.Null) return payload;
        if (encoding.Text != Base64Name) draft.Fail(ErrorCode.BadField, $"'encoding' can only be '{Base64Name}'.");
        if (draft.Problem is not null) return [];
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(payload.Length)];
        var status = Base64.DecodeFromUtf8(payload, bytes, out _, out var written);
        if (status != OperationStatus.Done) draft.Fail(ErrorCode.BadField, "'payload' is not base64.");
        return bytes[..written];
    }

    private static QoS ReadQoS(MessageDraft draft)
    {
        var qos = draft[MessageField.Qos];
        if (qos.Kind == FieldKind.Null) return QoS.AtLeastOnce; // as with POST
        if (qos.Number is not (0 or 1 or 2)) draft.Fail(ErrorCode.BadField, "'qos' must be 0, 1 or 2.");
        return qos.Number switch { 1 => QoS.AtLeastOnce, 2 => QoS.ExactlyOnce, _ => QoS.AtMostOnce };
    }
}
