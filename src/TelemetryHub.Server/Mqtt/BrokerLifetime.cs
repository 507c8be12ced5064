using System.Net.Sockets;
using TelemetryHub.Broker;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Mqtt;

/// <summary>
/// Gives the broker back what the journal remembers and opens the plain MQTT listeners when the hub starts, and sends the clients away when it stops.
/// </summary>
internal sealed class BrokerLifetime(MqttBroker broker, Journal journal, MqttOptions options, ListenAddresses addresses) : IHostedLifecycleService
{
    // Before anything listens, the web server included: a client must find its session.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (journal.Recovered is { } recovered)
        {
            broker.Restore(recovered);
            journal.ForgetRecovered();
        }
        return Task.CompletedTask;
    }

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

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
