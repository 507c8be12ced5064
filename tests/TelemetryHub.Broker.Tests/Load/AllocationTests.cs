using System.Net.Sockets;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Load;

[Collection(nameof(Alone))]
public class AllocationTests
{
    private const int Messages = 200_000;
    private const int WarmUp = 40_000;
    private const int PayloadBytes = 64;
    private const int BudgetBytes = 200;

    [Theory]
    [InlineData(MqttVersion.V311, 100)]
    [InlineData(MqttVersion.V311, 1000)]
    [InlineData(MqttVersion.V5, 100)]
    [InlineData(MqttVersion.V5, 1000)]
    public async Task A_forwarded_qos_0_message_allocates_no_more_than_its_budget(MqttVersion version, int batchMessages)
    {
        await using var broker = TestBroker.Start();
        var subscriber = await broker.ConnectAsync("s", version);
        await subscriber.SubscribeAsync("plant/line/machine/temperature");
        var publisher = await broker.ConnectAsync("p", version);
        var message = WireWriter.Publish(version, "plant/line/machine/temperature", new byte[PayloadBytes], 0, 0, false, false, null);
        var batch = Enumerable.Repeat(message, batchMessages).SelectMany(bytes => bytes).ToArray();
        var received = new byte[batch.Length];
        subscriber.Socket.ReceiveTimeout = 5000;

        Forward(publisher.Socket, subscriber.Socket, batch, received, WarmUp / batchMessages);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Forward(publisher.Socket, subscriber.Socket, batch, received, Messages / batchMessages);
        var perMessage = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Messages;

        received.ShouldBe(batch);
        TestContext.Current.TestOutputHelper!.WriteLine($"{perMessage:F1} bytes per message, payload included");
        (perMessage - PayloadBytes).ShouldBeLessThan(BudgetBytes);
    }

    // A closed loop of blocking calls: this side allocates nothing.
    private static void Forward(Socket publisher, Socket subscriber, byte[] batch, byte[] received, int batches)
    {
        for (var i = 0; i < batches; i++)
        {
            for (var sent = 0; sent < batch.Length;)
                sent += publisher.Send(batch.AsSpan(sent));
            for (var count = 0; count < received.Length;)
                count += subscriber.Receive(received.AsSpan(count));
        }
    }
}
