using TelemetryHub.Broker.Tests.Harness;

namespace TelemetryHub.Broker.Tests.Load;

public class SoakTests
{
    private const int Clients = 50;
    private const int Steps = 250;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public async Task Whatever_fifty_clients_do_nothing_of_them_stays(int seed, int reactors)
    {
        await using var broker = TestBroker.Start(new()
        {
            Reactors = reactors,
            MaxInflight = 5,
            MaxQueuedMessages = 50,
            MaxSessionExpiry = TimeSpan.FromMinutes(10),
            SysInterval = TimeSpan.FromSeconds(1),
        });
        var clients = Enumerable.Range(0, Clients).Select(i => new SoakClient(broker, new Random((seed * 1000) + i))).ToArray();
        var time = new Random(seed);
        var ended = Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(Steps))));
        while (!ended.IsCompleted)
        {
            broker.Time.AdvanceSeconds(time.NextDouble());
            await clients[time.Next(Clients)].NextStepAsync();
        }
        await ended;
        await broker.Broker.DrainAsync(TestContext.Current.CancellationToken);
        broker.Broker.ConnectionCount.ShouldBe(0);
        broker.Time.Advance(TimeSpan.FromMinutes(11));
        broker.Broker.SessionCount.ShouldBe(0);
        broker.Router.SubscriptionCount.ShouldBe(0);
        broker.Router.SharedSubscriptionCount.ShouldBe(0);
        broker.Broker.Statistics.PublishesReceived.ShouldBeGreaterThan(Clients * Steps / 10);
    }
}
