using TelemetryHub.Core.Feeds.Encodings.Cbor;
using TelemetryHub.Server.Feeds.WebSockets.Frames;

namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>Reads what a client says in one frame, in the form of its protocol. Everything is a message or a problem; nothing throws.</summary>
internal ref struct MessageReader(StreamProtocol protocol, ReadOnlySpan<byte> content)
{
    [ThreadStatic]
    private static MessageDraft? _draft;

    private ReadOnlySpan<byte> _lines = content;
    private CborReader _items = new(content);

    /// <summary>The only kind of frames that a protocol has.</summary>
    public static Opcode OpcodeOf(StreamProtocol protocol) => protocol == StreamProtocol.Json ? Opcode.Text : Opcode.Binary;

    /// <summary>Takes the next message; false when there is none.</summary>
    public bool TryNext(out MessageResult result)
    {
        var draft = _draft ??= new MessageDraft();
        var isThere = protocol == StreamProtocol.Json ? JsonMessageReader.TryNext(ref _lines, draft) : CborMessageReader.TryNext(ref _items, draft);
        var message = isThere ? MessageCompletion.Complete(draft) : null;
        result = new MessageResult(message, draft.Ref, draft.Problem);
        draft.Clear();
        return isThere;
    }
}
