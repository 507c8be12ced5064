namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>
/// A client's message while it is read: fields in any order, of which the first problem is kept while the rest is still read, so that the answer
/// can carry the message's <c>ref</c>. Used again and again.
/// </summary>
internal sealed class MessageDraft
{
    private readonly FieldValue[] _values = new FieldValue[FieldRule.Count];

    public MessageProblem? Problem { get; private set; }

    /// <summary>As the client encoded it; empty = none.</summary>
    public byte[] Ref => this[MessageField.Ref].Kind is FieldKind.Number or FieldKind.Text ? this[MessageField.Ref].Bytes : [];

    /// <summary>The value of a field; of kind <see cref="FieldKind.Null"/> when it was not given.</summary>
    public FieldValue this[MessageField field] => _values[(int)field];

    public void Clear()
    {
        Array.Clear(_values);
        Problem = null;
    }

    /// <summary>Keeps the first problem.</summary>
    public void Fail(ErrorCode code, string message) => Problem ??= new MessageProblem(code, message);

    public void Set(MessageField field, in FieldValue value)
    {
        if (this[field].Kind != FieldKind.Null) Fail(ErrorCode.BadField, $"'{FieldRule.Of(field).Name}' is given twice.");
        _values[(int)field] = value;
    }

    public void SetUnknown(string name)
        => Fail(ErrorCode.UnknownField, name.Length > 32 ? $"'{name[..32]}…' is not a field of any message." : $"'{name}' is not a field of any message.");
}
