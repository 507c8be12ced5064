using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Broker.Connections;

/// <summary>Which of a publisher's properties travel with the message (MQTT 5 §3.3.2.3), and its expiry as a point in time.</summary>
internal static class ForwardedProperties
{
    /// <summary>The properties to forward, encoded and in their order; null when there are none.</summary>
    public static byte[]? From(PropertyList properties, long now, out long expiresAt)
    {
        expiresAt = 0;
        var bytes = 0;
        foreach (var property in properties)
        {
            if (property.Id == PropertyId.MessageExpiryInterval)
                expiresAt = now + (property.Number * 1000L);
            else if (IsForwarded(property.Id))
                bytes += property.Encoded.Length;
        }
        return bytes == 0 ? null : Copy(properties, bytes);
    }

    private static byte[] Copy(PropertyList properties, int bytes)
    {
        var copy = new byte[bytes];
        var at = 0;
        foreach (var property in properties)
        {
            if (!IsForwarded(property.Id))
                continue;
            property.Encoded.CopyTo(copy.AsSpan(at));
            at += property.Encoded.Length;
        }
        return copy;
    }

    private static bool IsForwarded(PropertyId id) => id is
        PropertyId.PayloadFormatIndicator or PropertyId.ContentType or PropertyId.ResponseTopic or PropertyId.CorrelationData or PropertyId.UserProperty;
}
