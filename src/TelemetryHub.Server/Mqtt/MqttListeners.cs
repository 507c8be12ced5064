using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Security;

namespace TelemetryHub.Server.Mqtt;

/// <summary>The MQTT listeners that Kestrel serves. They bring their connections to the <see cref="TelemetryHub.Broker.Links.ILinkAcceptor"/> among the services.</summary>
internal static class MqttListeners
{
    // IANA's name. A client that offers other protocols only, such as a browser made to send HTTP here, fails in the handshake.
    private static readonly SslApplicationProtocol Protocol = new("mqtt");

    /// <summary>MQTT over TLS.</summary>
    public static void ListenMqttTls(this KestrelServerOptions kestrel, MqttOptions mqtt, ListenAddresses addresses)
    {
        if (mqtt.TlsListen.Count == 0)
            return;

        var tls = Tls(mqtt);
        foreach (var endpoint in mqtt.TlsListen)
        {
            kestrel.Listen(endpoint, listener =>
            {
                Prepare(listener, mqtt);
                listener.UseHttps(tls);
                listener.UseConnectionHandler<MqttConnectionHandler>();
                addresses.Add("mqtts", () => listener.IPEndPoint!.ToString());
            });
        }
    }

    /// <summary>MQTT over plain TCP, for systems where the broker has no reactor of its own.</summary>
    public static void ListenMqtt(this KestrelServerOptions kestrel, MqttOptions mqtt, ListenAddresses addresses)
    {
        foreach (var endpoint in mqtt.Listen)
        {
            kestrel.Listen(endpoint, listener =>
            {
                Prepare(listener, mqtt);
                listener.UseConnectionHandler<MqttConnectionHandler>();
                addresses.Add("mqtt", () => listener.IPEndPoint!.ToString());
            });
        }
    }

    private static void Prepare(ListenOptions listener, MqttOptions mqtt)
    {
        // Not HTTP, but Kestrel wants one; this one opens no UDP port.
        listener.Protocols = HttpProtocols.Http1;
        if (!mqtt.ProxyProtocol) return;
        var services = listener.ApplicationServices;
        var time = services.GetRequiredService<TimeProvider>();
        var log = services.GetRequiredService<ILogger<ProxyHeaderMiddleware>>();
        listener.Use(next => new ProxyHeaderMiddleware(next, time, mqtt.ConnectTimeout, log).OnConnectedAsync);
    }

    private static HttpsConnectionAdapterOptions Tls(MqttOptions mqtt)
    {
        var (certificate, chain) = TlsFiles.Load(mqtt.TlsCertificate, mqtt.TlsKey);
        return new()
        {
            ServerCertificate = certificate,
            ServerCertificateChain = chain,
            HandshakeTimeout = mqtt.ConnectTimeout,
            OnAuthenticate = static (_, options) => options.ApplicationProtocols = [Protocol],
        };
    }
}
