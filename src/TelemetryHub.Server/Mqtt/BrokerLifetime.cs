using System.Net.Sockets;
using TelemetryHub.Broker;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Mqtt;

/// <summary>Opens the plain MQTT listeners when the hub starts, and sends the clients away when it stops.</summary>
internal sealed class BrokerLifetime(MqttBroker broker, MqttOptions options, ListenAddresses addresses) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var address in options.Listen)
        {
            try
            {
                addresses.Add("mqtt", broker.Listen(address, options.ProxyProtocol));
            }
            catch (SocketException error)
            {
                throw new ListenException(address, error);
            }
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => broker.DrainAsync(cancellationToken);
}
