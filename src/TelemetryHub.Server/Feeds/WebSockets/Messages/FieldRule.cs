namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>Which messages have a field, and what it can be.</summary>
/// <param name="Field">Which.</param>
/// <param name="Kinds">What its value can be.</param>
/// <param name="Types">The messages that have it; none = all.</param>
internal sealed record FieldRule(MessageField Field, FieldKind[] Kinds, params MessageType[] Types)
{
    /// <summary>A ref is given back, and not meant to carry data.</summary>
    public const int MaxRefLength = 64;

    private static readonly FieldRule[] Rules =
    [
        new(MessageField.Type, [FieldKind.Text]),
        new(MessageField.Ref, [FieldKind.Number, FieldKind.Text]),
        new(MessageField.Sub, [FieldKind.Text], MessageType.Subscribe, MessageType.Unsubscribe),
        new(MessageField.Topics, [FieldKind.Texts], MessageType.Subscribe),
        new(MessageField.Since, [FieldKind.Text], MessageType.Subscribe),
        new(MessageField.Snapshot, [FieldKind.Boolean], MessageType.Subscribe),
        new(MessageField.Every, [FieldKind.Text], MessageType.Subscribe),
        new(MessageField.Overflow, [FieldKind.Text], MessageType.Subscribe),
        new(MessageField.Where, [FieldKind.Text], MessageType.Subscribe),
        new(MessageField.Fields, [FieldKind.Text], MessageType.Subscribe),
        new(MessageField.Format, [FieldKind.Text], MessageType.Subscribe),
        new(MessageField.Heartbeat, [FieldKind.Number], MessageType.Subscribe),
        new(MessageField.Topic, [FieldKind.Text], MessageType.Publish),
        new(MessageField.Payload, [FieldKind.Bytes], MessageType.Publish),
        new(MessageField.Encoding, [FieldKind.Text], MessageType.Publish),
        new(MessageField.Qos, [FieldKind.Number], MessageType.Publish),
        new(MessageField.Retain, [FieldKind.Boolean], MessageType.Publish),
        new(MessageField.Token, [FieldKind.Text], MessageType.Auth),
    ];

    /// <summary>How many fields there are.</summary>
    public static int Count => Rules.Length;

    /// <summary>As it stands on the wire.</summary>
    public string Name { get; } = Field.ToString().ToLowerInvariant();

    /// <summary>In the order of <see cref="MessageField"/>.</summary>
    public static FieldRule Of(MessageField field) => Rules[(int)field];

    /// <summary>Finds a field by its name.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out MessageField field)
    {
        foreach (var rule in Rules)
        {
            field = rule.Field;
            if (System.Text.Ascii.Equals(name, rule.Name)) return true;
        }

        field = default;
        return false;
    }

    /// <summary>What is wrong with this value in a message of this type; null = nothing.</summary>
    public MessageProblem? Check(MessageType type, in FieldValue value)
    {
        if (Types.Length > 0 && !Types.Contains(type)) return new(ErrorCode.UnknownField, $"'{Name}' is not a field of '{type.ToString().ToLowerInvariant()}'.");
        if (Kinds.Contains(value.Kind)) return null;
        var limit = Field == MessageField.Ref ? $" of at most {MaxRefLength} characters" : "";
        return new(ErrorCode.BadField, $"'{Name}' must be {string.Join(" or ", Kinds.Select(Describe))}{limit}.");
    }

    private static string Describe(FieldKind kind) => kind switch
    {
        FieldKind.Boolean => "true or false",
        FieldKind.Number => "a number",
        FieldKind.Text => "a text",
        FieldKind.Texts => "an array of texts",
        _ => "a text or bytes",
    };
}
