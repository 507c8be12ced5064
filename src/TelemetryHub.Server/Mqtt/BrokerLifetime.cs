using System.Net.Sockets;
using TelemetryHub.Broker;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Mqtt;

/// <summary>Opens the plain MQTT listeners when the hub starts, and sends the clients away when it stops.</summary>
internal sealed class BrokerLifetime(MqttBroker broker, MqttOptions options, ListenAddresses addresses) : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var address in MqttBroker.CanListen ? options.Listen : [])
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

    // Before the web server stops: it waits for its connections, and the MQTT clients among them only go when they are told.
    public Task StoppingAsync(CancellationToken cancellationToken) => broker.DrainAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
