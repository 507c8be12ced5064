using System.Buffers;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>Builds AUTH.</summary>
internal static class AuthWriting
{
    public static void Write(IBufferWriter<byte> output, ReasonCode reason, string method, ReadOnlySpan<byte> data)
    {
        var properties = new PropertyWriter(stackalloc byte[256]);
        try
        {
            properties.Text(PropertyId.AuthenticationMethod, WireText.Encode(method, nameof(method)));
            if (!data.IsEmpty)
                properties.Text(PropertyId.AuthenticationData, data);
            new AuthPacket { Reason = reason, Properties = PropertyList.FromValidated(properties.Written) }.Write(output, MqttVersion.V5);
        }
        finally
        {
            properties.Dispose();
        }
    }
}
