using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Properties;

/// <summary>Checks the properties of a packet (MQTT 5 §2.2.2) without copying them.</summary>
public static class PropertyReader
{
    /// <summary>Takes length prefix and properties off <paramref name="rest"/>; after a fault some of it.</summary>
    public static ProtocolFault TryRead(scoped ref ReadOnlySpan<byte> rest, PropertyScope scope, out PropertyList list)
    {
        list = default;

        // The common case: no properties.
        if (rest is [0, ..])
        {
            rest = rest[1..];
            return ProtocolFault.None;
        }

        var status = VariableInteger.TryRead(rest, out var length, out var size);
        if (status == ReadStatus.NeedMore)
            return ProtocolFault.Truncated;
        if (status == ReadStatus.Malformed || size != VariableInteger.Size(length) || length > (uint)(rest.Length - size))
            return ProtocolFault.MalformedPropertyLength;

        var raw = rest.Slice(size, (int)length);
        rest = rest[(size + (int)length)..];
        var fault = Check(raw, scope);
        if (fault == ProtocolFault.None)
            list = PropertyList.FromValidated(raw);
        return fault;
    }

    private static ProtocolFault Check(ReadOnlySpan<byte> raw, PropertyScope scope)
    {
        // Every id is below 64, so one word remembers which were there.
        var seen = 0UL;
        while (!raw.IsEmpty)
        {
            ref readonly var rule = ref PropertyRules.For(raw[0]);
            if (rule.Kind == PropertyKind.None)
                return ProtocolFault.UnknownProperty;
            if (!rule.Allows(scope))
                return ProtocolFault.PropertyNotAllowed;

            var fault = PropertyField.TryTake(ref raw, out var property);
            if (fault != ProtocolFault.None)
                return fault;

            var bit = 1UL << (int)property.Id;
            if ((seen & bit) != 0 && !PropertyRules.MayRepeat(property.Id, scope))
                return ProtocolFault.DuplicateProperty;
            seen |= bit;

            fault = CheckValue(property, rule);
            if (fault != ProtocolFault.None)
                return fault;
        }

        const ulong Method = 1UL << (int)PropertyId.AuthenticationMethod;
        const ulong Data = 1UL << (int)PropertyId.AuthenticationData;
        return (seen & (Method | Data)) == Data ? ProtocolFault.AuthDataWithoutMethod : ProtocolFault.None;
    }

    private static ProtocolFault CheckValue(Property property, in PropertyRule rule)
    {
        switch (rule.Kind)
        {
            case PropertyKind.Binary:
                return ProtocolFault.None;
            case PropertyKind.Text when !Utf8Text.IsValid(property.Bytes):
            case PropertyKind.TextPair when !Utf8Text.IsValid(property.Bytes) || !Utf8Text.IsValid(property.Value):
                return ProtocolFault.InvalidUtf8;
            case PropertyKind.Text or PropertyKind.TextPair:
                // §3.3.2.3.5: a response topic is a topic name.
                return property.Id == PropertyId.ResponseTopic && !TopicName.IsValid(property.Bytes)
                    ? ProtocolFault.InvalidResponseTopic
                    : ProtocolFault.None;
            default:
                if (property.Number >= rule.Min && property.Number <= rule.Max)
                    return ProtocolFault.None;
                return property.Id == PropertyId.TopicAlias ? ProtocolFault.TopicAliasZero : ProtocolFault.PropertyOutOfRange;
        }
    }
}
