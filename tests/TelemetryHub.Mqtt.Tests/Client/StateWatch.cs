using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.Mqtt.Tests.Client;

/// <summary>The state changes of a client, one after another.</summary>
public sealed class StateWatch
{
    private readonly System.Threading.Channels.Channel<ConnectionStateChange> _changes =
        System.Threading.Channels.Channel.CreateUnbounded<ConnectionStateChange>();

    public StateWatch(MqttClient client) => client.StateChanged += (_, change) => _changes.Writer.TryWrite(change);

    public async Task<ConnectionStateChange> NextAsync() => await _changes.Reader.ReadAsync(Limits.Patience());

    public async Task<ConnectionStateChange> NextAsync(MqttConnectionState state)
    {
        while (true)
        {
            var change = await NextAsync();
            if (change.State == state)
                return change;
        }
    }
}
