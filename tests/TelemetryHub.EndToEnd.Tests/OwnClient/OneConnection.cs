using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.EndToEnd.Tests.OwnClient;

/// <summary>Our own client with a connection that it does not make anew, and how that ended.</summary>
internal sealed class OneConnection : IAsyncDisposable
{
    private readonly TaskCompletionSource<ConnectionEnd> end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OneConnection(MqttClientOptions options)
    {
        Client = new MqttClient(options with { Reconnect = ReconnectPolicy.Off });
        Client.StateChanged += (_, change) =>
        {
            if (change is { State: MqttConnectionState.Disconnected, End: { } why }) end.TrySetResult(why);
        };
    }

    public MqttClient Client { get; }

    public static async Task<OneConnection> MakeAsync(MqttClientOptions options)
    {
        var made = new OneConnection(options);
        await Patience.For(made.Client.ConnectAsync(), "CONNACK");
        return made;
    }

    /// <summary>Waits for the end.</summary>
    public Task<ConnectionEnd> EndAsync() => Patience.For(end.Task, "the end of the connection");

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
