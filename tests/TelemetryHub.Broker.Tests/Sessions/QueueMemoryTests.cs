using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Sessions;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Broker.Tests.Load;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Sessions;

[Collection(nameof(Alone))]
public class QueueMemoryTests
{
    private const int Messages = 1_000_000;
    private const long BudgetBytes = 40_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_million_queued_messages_cost_no_more_than_40_megabytes(bool isConnected)
    {
        var topic = new TopicTable(1 << 20).Get("t"u8);
        var deliveries = new Deliveries(new BrokerOptions(), new BrokerStatistics(), new KeepingLog(), ledger: null);
        var route = new Route { Target = new Nobody(), MaxQoS = QoS.AtLeastOnce };
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Messages; i++)
            deliveries.TryEnqueue(new Core.Routing.Delivery(EventOf(topic), route, IsReplay: false), isConnected);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes / (double)Messages:F1} bytes per message");
        bytes.ShouldBeLessThan(BudgetBytes);
        GC.KeepAlive(deliveries);
    }

    private static Event EventOf(Topic topic) => new() { Topic = topic, Payload = new byte[64], Publisher = Principal.Hub, Time = 0, QoS = QoS.AtLeastOnce };

    private sealed class Nobody : ISubscriber
    {
        public Principal Principal => Principal.Hub;

        public bool IsReady => false;

        public bool Deliver(in Core.Routing.Delivery delivery) => false;

        public void Wake()
        {
            // nobody is there
        }
    }
}
