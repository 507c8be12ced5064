using System.Text;
using TelemetryHub.Mqtt.Client.Connections;
using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client;

/// <summary>What MQTT 5 lets a message carry beside its payload. Immutable; encoded once, however often it is published.</summary>
public sealed class MessageProperties
{
    private byte[]? _encoded;

    /// <summary>No properties at all.</summary>
    public static MessageProperties None { get; } = new();

    /// <summary>The publisher states that the payload is UTF-8 text.</summary>
    public bool PayloadIsUtf8 { get; init; }

    /// <summary>After so many seconds the server no longer delivers the message; on a received one, what was left of it.</summary>
    public uint? ExpirySeconds { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Where an answer is expected; empty for nowhere.</summary>
    public TopicName ResponseTopic { get; init; }

    public ReadOnlyMemory<byte>? CorrelationData { get; init; }

    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    /// <summary>As on the wire, without the length.</summary>
    internal ReadOnlySpan<byte> Encoded => _encoded ??= Encode();

    internal static MessageProperties Read(PropertyList list)
    {
        if (list.IsEmpty)
            return None;
        list.TryGetNumber(PropertyId.PayloadFormatIndicator, out var format);
        return new MessageProperties
        {
            PayloadIsUtf8 = format == 1,
            ExpirySeconds = list.TryGetNumber(PropertyId.MessageExpiryInterval, out var expiry) ? expiry : null,
            ContentType = list.Text(PropertyId.ContentType),
            ResponseTopic = list.TryGetBytes(PropertyId.ResponseTopic, out var topic) && TopicName.TryParse(topic, out var name) ? name : default,
            CorrelationData = list.TryGetBytes(PropertyId.CorrelationData, out var data) ? data.ToArray() : null,
            UserProperties = list.UserProperties(),
        };
    }

    private byte[] Encode()
    {
        var writer = new PropertyWriter(stackalloc byte[256]);
        try
        {
            if (PayloadIsUtf8)
                writer.Number(PropertyId.PayloadFormatIndicator, 1);
            if (ExpirySeconds is { } expiry)
                writer.Number(PropertyId.MessageExpiryInterval, expiry);
            if (ContentType is not null)
                writer.Text(PropertyId.ContentType, WireText.Encode(ContentType, nameof(ContentType)));
            if (!ResponseTopic.IsEmpty)
                writer.Text(PropertyId.ResponseTopic, ResponseTopic.Utf8);
            if (CorrelationData is { } data)
                writer.Text(PropertyId.CorrelationData, WireText.Checked(data.Span, nameof(CorrelationData)));
            writer.AddUserProperties(UserProperties);
            return writer.Written.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }
}
