using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.EndToEnd.Tests.OwnClient;

/// <summary>What our own client needs to know of a broker's listeners.</summary>
internal static class ClientOptions
{
    public static MqttClientOptions For(IBrokerUnderTest broker, MqttTransport transport) => transport switch
    {
        MqttTransport.Tcp => For(broker.Mqtt.Port),
        MqttTransport.Tls => ForTls(broker.Tls),
        MqttTransport.WebSocket => new MqttClientOptions { Uri = broker.WebSocket },
        _ => throw new ArgumentOutOfRangeException(nameof(transport), transport, "The brokers have no such listener."),
    };

    public static MqttClientOptions ForTls(Listener listener) =>
        For(listener.Port) with { Transport = MqttTransport.Tls, Tls = new MqttTlsOptions { CaFile = listener.Authority } };

    /// <summary>Plain TCP.</summary>
    public static MqttClientOptions For(int port) => new() { Host = Listener.Host, Port = port };
}
