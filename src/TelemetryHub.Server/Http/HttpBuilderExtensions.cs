using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using TelemetryHub.Broker;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Http.Transport;
using TelemetryHub.Server.Mqtt;
using TelemetryHub.Server.Security;

namespace TelemetryHub.Server.Http;

/// <summary>Kestrel on the addresses of section <c>Http</c>.</summary>
internal static class HttpBuilderExtensions
{
    /// <summary>Adds the web server of our own process.</summary>
    public static WebApplicationBuilder AddHttp(this WebApplicationBuilder builder, HubConfiguration configuration)
    {
        var http = configuration.Get<HttpOptions>();
        builder.Services.AddRoutingCore();

        // Kestrel without an address would take localhost:5000, which nobody asked for.
        var mqtt = configuration.Get<MqttOptions>();
        var mqttListeners = mqtt.TlsListen.Count + (MqttBroker.CanListen ? 0 : mqtt.Listen.Count);
        if (http.Listen.Count + http.TlsListen.Count + mqttListeners == 0)
        {
            builder.Services.AddSingleton<IServer, NoHttp>();
            return builder;
        }

        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        // The last one that can is used.
        builder.Services.AddSingleton<IConnectionListenerFactory, NamedFailures>();
        builder.Services.AddSingleton<IConnectionListenerFactory, ReactorTransport>();
        builder.Services.AddSingleton<HttpReactors>();
        builder.Services.AddHostedService(services => services.GetRequiredService<HttpReactors>());
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ListenAddresses>((kestrel, addresses) =>
        {
            kestrel.AddServerHeader = false;
            ListenPlain(kestrel, http, addresses);
            ListenTls(kestrel, http, addresses);
        });
        return builder;
    }

    private static void ListenPlain(KestrelServerOptions kestrel, HttpOptions http, ListenAddresses addresses)
    {
        foreach (var endpoint in http.Listen)
        {
            kestrel.Listen(MqttBroker.CanListen ? new ReactorEndPoint(endpoint) : endpoint, listener =>
            {
                listener.Protocols = HttpProtocols.Http1;
                addresses.Add("http", () => $"http://{listener.IPEndPoint}");
            });
        }
    }

    private static void ListenTls(KestrelServerOptions kestrel, HttpOptions http, ListenAddresses addresses)
    {
        if (http.TlsListen.Count == 0)
            return;

        var (certificate, chain) = TlsFiles.Load(http.TlsCertificate, http.TlsKey);
        var tls = new HttpsConnectionAdapterOptions { ServerCertificate = certificate, ServerCertificateChain = chain };
        foreach (var endpoint in http.TlsListen)
        {
            kestrel.Listen(endpoint, listener =>
            {
                listener.UseHttps(tls);
                addresses.Add("https", () => $"https://{listener.IPEndPoint}");
            });
        }
    }
}
