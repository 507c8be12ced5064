using TelemetryHub.Mqtt.Properties;
using static TelemetryHub.Mqtt.Properties.PropertyId;
using static TelemetryHub.Mqtt.Properties.PropertyScope;

namespace TelemetryHub.Mqtt.Tests.Properties;

/// <summary>The table of MQTT 5 §2.2.2.2, typed off the specification once more, apart from the code's own.</summary>
internal static class PropertyTable
{
    internal enum Form
    {
        Flag,
        Two,
        Four,
        Variable,
        Text,
        Binary,
        Pair,
    }

    internal sealed record Row(PropertyId Id, Form Form, PropertyScope[] Scopes, uint Min = 0);

    public static Row[] Rows { get; } =
    [
        new(PayloadFormatIndicator, Form.Flag, [Publish, Will]),
        new(MessageExpiryInterval, Form.Four, [Publish, Will]),
        new(ContentType, Form.Text, [Publish, Will]),
        new(ResponseTopic, Form.Text, [Publish, Will]),
        new(CorrelationData, Form.Binary, [Publish, Will]),
        new(SubscriptionIdentifier, Form.Variable, [Publish, Subscribe], 1),
        new(SessionExpiryInterval, Form.Four, [Connect, ConnAck, Disconnect]),
        new(AssignedClientIdentifier, Form.Text, [ConnAck]),
        new(ServerKeepAlive, Form.Two, [ConnAck]),
        new(AuthenticationMethod, Form.Text, [Connect, ConnAck, Auth]),
        new(AuthenticationData, Form.Binary, [Connect, ConnAck, Auth]),
        new(RequestProblemInformation, Form.Flag, [Connect]),
        new(WillDelayInterval, Form.Four, [Will]),
        new(RequestResponseInformation, Form.Flag, [Connect]),
        new(ResponseInformation, Form.Text, [ConnAck]),
        new(ServerReference, Form.Text, [ConnAck, Disconnect]),
        new(ReasonString, Form.Text, [ConnAck, PubAck, PubRec, PubRel, PubComp, SubAck, UnsubAck, Disconnect, Auth]),
        new(ReceiveMaximum, Form.Two, [Connect, ConnAck], 1),
        new(TopicAliasMaximum, Form.Two, [Connect, ConnAck]),
        new(TopicAlias, Form.Two, [Publish], 1),
        new(MaximumQoS, Form.Flag, [ConnAck]),
        new(RetainAvailable, Form.Flag, [ConnAck]),
        new(UserProperty, Form.Pair, Enum.GetValues<PropertyScope>()),
        new(MaximumPacketSize, Form.Four, [Connect, ConnAck], 1),
        new(WildcardSubscriptionAvailable, Form.Flag, [ConnAck]),
        new(SubscriptionIdentifierAvailable, Form.Flag, [ConnAck]),
        new(SharedSubscriptionAvailable, Form.Flag, [ConnAck]),
    ];
}
