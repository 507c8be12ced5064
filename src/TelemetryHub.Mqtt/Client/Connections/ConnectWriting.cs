using System.Buffers;
using System.Text;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>Builds CONNECT from the options.</summary>
internal static class ConnectWriting
{
    public static void Write(IBufferWriter<byte> output, MqttClientOptions options, ConnectAttempt attempt, ReadOnlySpan<byte> authData)
    {
        var properties = new PropertyWriter(stackalloc byte[256]);
        var willProperties = new PropertyWriter(stackalloc byte[256]);
        try
        {
            if (options.Version == MqttVersion.V5)
            {
                AddProperties(ref properties, options, authData);
                AddWillProperties(ref willProperties, options.Will);
            }

            new ConnectPacket
            {
                Version = options.Version,
                CleanStart = attempt.CleanStart,
                KeepAlive = (ushort)Math.Ceiling(options.KeepAlive.TotalSeconds),
                ClientId = Encoding.UTF8.GetBytes(attempt.ClientId),
                HasWill = options.Will is not null,
                WillQoS = options.Will?.QoS ?? QoS.AtMostOnce,
                WillRetain = options.Will?.Retain ?? false,
                WillTopic = options.Will is { } will ? will.Topic.Memory.Span : default,
                WillPayload = options.Will is { } last ? last.Payload.Span : default,
                WillProperties = PropertyList.FromValidated(willProperties.Written),
                HasUserName = options.UserName is not null,
                UserName = Encoding.UTF8.GetBytes(options.UserName ?? ""),
                HasPassword = options.Password is not null,
                Password = options.Password is { } password ? password.Span : default,
                Properties = PropertyList.FromValidated(properties.Written),
            }.Write(output);
        }
        finally
        {
            properties.Dispose();
            willProperties.Dispose();
        }
    }

    // Properties that say what is the default anyway are left out: fewer bytes, and simple servers are happier.
    private static void AddProperties(ref PropertyWriter writer, MqttClientOptions options, ReadOnlySpan<byte> authData)
    {
        if (options.SessionExpirySeconds > 0)
            writer.Number(PropertyId.SessionExpiryInterval, options.SessionExpirySeconds);
        if (options.ReceiveMaximum < ushort.MaxValue)
            writer.Number(PropertyId.ReceiveMaximum, options.ReceiveMaximum);
        writer.Number(PropertyId.MaximumPacketSize, (uint)options.MaximumPacketBytes);
        if (options.TopicAliasMaximum > 0)
            writer.Number(PropertyId.TopicAliasMaximum, options.TopicAliasMaximum);
        if (options.RequestResponseInformation)
            writer.Number(PropertyId.RequestResponseInformation, 1);
        if (!options.RequestProblemInformation)
            writer.Number(PropertyId.RequestProblemInformation, 0);
        writer.AddUserProperties(options.UserProperties);
        if (options.Authentication is null)
            return;
        writer.Text(PropertyId.AuthenticationMethod, WireText.Encode(options.Authentication.Method, nameof(options.Authentication)));
        if (!authData.IsEmpty)
            writer.Text(PropertyId.AuthenticationData, authData);
    }

    private static void AddWillProperties(ref PropertyWriter writer, MqttWill? will)
    {
        if (will is null)
            return;
        if (will.DelaySeconds > 0)
            writer.Number(PropertyId.WillDelayInterval, will.DelaySeconds);
        if (will.Properties is not null)
            writer.Raw(will.Properties.Encoded);
    }
}
