using static TelemetryHub.Mqtt.Properties.PropertyId;
using static TelemetryHub.Mqtt.Properties.PropertyScope;

namespace TelemetryHub.Mqtt.Properties;

/// <summary>The table of MQTT 5 §2.2.2.2, with the ranges of the sections on the single properties.</summary>
internal static class PropertyRules
{
    private static readonly PropertyRule[] Table = Build();

    /// <summary>The rule's kind is <see cref="PropertyKind.None"/> for an id that does not exist.</summary>
    public static ref readonly PropertyRule For(byte id)
    {
        // Entry 0 is empty: no property has that id.
        var table = Table;
        return ref table[id < table.Length ? id : 0];
    }

    /// <summary>§3.3.2.3.8: a PUBLISH from the server names every subscription that it is for.</summary>
    public static bool MayRepeat(PropertyId id, PropertyScope scope) =>
        id == UserProperty || (id == SubscriptionIdentifier && scope == Publish);

    private static PropertyRule[] Build()
    {
        var rules = new PropertyRule[(int)SharedSubscriptionAvailable + 1];
        AddMessageProperties(rules);
        AddSessionProperties(rules);
        AddAnswers(rules);
        return rules;
    }

    private static void AddMessageProperties(PropertyRule[] rules)
    {
        rules[(int)PayloadFormatIndicator] = Flag(Publish, Will);
        rules[(int)MessageExpiryInterval] = Number(PropertyKind.FourBytes, 0, Publish, Will);
        rules[(int)ContentType] = Text(Publish, Will);
        rules[(int)ResponseTopic] = Text(Publish, Will);
        rules[(int)CorrelationData] = Binary(Publish, Will);
        rules[(int)SubscriptionIdentifier] = new(PropertyKind.VariableInteger, 1, VariableInteger.Max, Publish, Subscribe);
        rules[(int)WillDelayInterval] = Number(PropertyKind.FourBytes, 0, Will);
        rules[(int)TopicAlias] = Number(PropertyKind.TwoBytes, 1, Publish);
    }

    private static void AddSessionProperties(PropertyRule[] rules)
    {
        rules[(int)SessionExpiryInterval] = Number(PropertyKind.FourBytes, 0, Connect, ConnAck, Disconnect);
        rules[(int)AuthenticationMethod] = Text(Connect, ConnAck, Auth);
        rules[(int)AuthenticationData] = Binary(Connect, ConnAck, Auth);
        rules[(int)RequestProblemInformation] = Flag(Connect);
        rules[(int)RequestResponseInformation] = Flag(Connect);
        rules[(int)ReceiveMaximum] = Number(PropertyKind.TwoBytes, 1, Connect, ConnAck);
        rules[(int)TopicAliasMaximum] = Number(PropertyKind.TwoBytes, 0, Connect, ConnAck);
        rules[(int)MaximumPacketSize] = Number(PropertyKind.FourBytes, 1, Connect, ConnAck);
    }

    private static void AddAnswers(PropertyRule[] rules)
    {
        rules[(int)AssignedClientIdentifier] = Text(ConnAck);
        rules[(int)ServerKeepAlive] = Number(PropertyKind.TwoBytes, 0, ConnAck);
        rules[(int)ResponseInformation] = Text(ConnAck);
        rules[(int)ServerReference] = Text(ConnAck, Disconnect);
        rules[(int)MaximumQoS] = Flag(ConnAck);
        rules[(int)RetainAvailable] = Flag(ConnAck);
        rules[(int)WildcardSubscriptionAvailable] = Flag(ConnAck);
        rules[(int)SubscriptionIdentifierAvailable] = Flag(ConnAck);
        rules[(int)SharedSubscriptionAvailable] = Flag(ConnAck);
        rules[(int)ReasonString] = Text(ConnAck, PubAck, PubRec, PubRel, PubComp, SubAck, UnsubAck, Disconnect, Auth);
        rules[(int)UserProperty] = new(PropertyKind.TextPair, 0, 0, Will, Connect, ConnAck, Publish, PubAck, PubRec, PubRel, PubComp,
            Subscribe, SubAck, Unsubscribe, UnsubAck, Disconnect, Auth);
    }

    private static PropertyRule Flag(params ReadOnlySpan<PropertyScope> scopes) => new(PropertyKind.Byte, 0, 1, scopes);

    private static PropertyRule Number(PropertyKind kind, uint min, params ReadOnlySpan<PropertyScope> scopes) =>
        new(kind, min, uint.MaxValue, scopes);

    private static PropertyRule Text(params ReadOnlySpan<PropertyScope> scopes) => new(PropertyKind.Text, 0, 0, scopes);

    private static PropertyRule Binary(params ReadOnlySpan<PropertyScope> scopes) => new(PropertyKind.Binary, 0, 0, scopes);
}
