using System.Globalization;
using System.Text;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.Browser.Tests.Publishers;

/// <summary>
/// Publishes 1, 2, 3, … with QoS 1, as fast as it is acknowledged. What was not acknowledged when the hub went down is published again when it is back: the log may then
/// have it twice, and has all of it.
/// </summary>
internal sealed class Numbers : IAsyncDisposable
{
    // So few that a browser keeps up, so many that some are on their way when the hub is killed.
    private const int Window = 8;

    private readonly MqttClient client;
    private readonly string topic;
    private readonly SemaphoreSlim room = new(Window);
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new(); // guards acknowledged, waiters
    private readonly List<(int Count, TaskCompletionSource Done)> waiters = [];
    private readonly List<Task> publishes = [];
    private Task<int> publishing = Task.FromResult(0);
    private int acknowledged;

    private Numbers(MqttClient client, string topic)
    {
        this.client = client;
        this.topic = topic;
    }

    public static async Task<Numbers> StartAsync(Listener mqtt, string topic)
    {
        var client = new MqttClient(new MqttClientOptions
        {
            Host = Listener.Host,
            Port = mqtt.Port,
            ClientId = Unique.ClientId("numbers"),
            SessionExpirySeconds = 3600,
            Reconnect = new ReconnectPolicy { MinimumDelay = TimeSpan.FromMilliseconds(10), MaximumDelay = TimeSpan.FromMilliseconds(100) },
        });
        await Patience.For(client.ConnectAsync(), "CONNACK");
        var numbers = new Numbers(client, topic);
        numbers.publishing = Task.Run(numbers.PublishAsync);
        return numbers;
    }

    /// <summary>Waits until so many more than now are acknowledged.</summary>
    public Task MoreAsync(int count)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate) waiters.Add((acknowledged + count, done));
        return Patience.For(done.Task, $"{count} more acknowledgements");
    }

    /// <summary>Publishes no more, and gives the last number when all are acknowledged.</summary>
    public async Task<int> EndAsync()
    {
        await ending.CancelAsync();
        return await Patience.For(publishing, "the last acknowledgement");
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await client.DisposeAsync(); // what is not acknowledged fails
        await publishing.ContinueWith(static _ => { }, TaskScheduler.Default);
        ending.Dispose();
        room.Dispose();
    }

    private async Task<int> PublishAsync()
    {
        var number = 0;
        while (!ending.IsCancellationRequested)
        {
            await room.WaitAsync(CancellationToken.None);
            publishes.Add(PublishAsync(++number));
        }

        await Task.WhenAll(publishes);
        return number;
    }

    private async Task PublishAsync(int number)
    {
        try
        {
            var payload = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
            (await client.PublishAsync(topic, payload, QoS.AtLeastOnce, cancellationToken: CancellationToken.None)).IsSuccess.ShouldBeTrue();
            Count();
        }
        finally
        {
            room.Release();
        }
    }

    private void Count()
    {
        lock (gate)
        {
            acknowledged++;
            foreach (var (_, done) in waiters.Where(waiter => waiter.Count <= acknowledged)) done.TrySetResult();
            waiters.RemoveAll(waiter => waiter.Count <= acknowledged);
        }
    }
}
