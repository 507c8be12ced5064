using TelemetryHub.EndToEnd.Tests.Crowds;
using TelemetryHub.EndToEnd.Tests.OwnClient;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>Queues that are longer than what the hub wants to hold in memory.</summary>
[Collection(AloneDefinition.Name)]
public sealed class LargeQueueTests
{
    private const int Million = 1_000_000;
    private const long MaxQueueBytes = 40L << 20;

    private static readonly string[] Unlimited = ["Mqtt:MaxQueuedMessages=10000000", "Mqtt:MaxQueuedBytes=16GiB"];

    [Fact]
    public async Task A_million_messages_for_an_absent_session_cost_little_memory_and_all_are_delivered()
    {
        await using var hub = new RestartableHub(null, Unlimited);
        await hub.StartAsync();
        using var publisher = new BulkPublisher(hub.Mqtt);
        // The same once for nobody: then all that grows with traffic has grown.
        publisher.Publish("nobody", Million);
        var absent = ClientOptions.For(hub.Mqtt.Port) with { ClientId = "absent", CleanStart = false, SessionExpirySeconds = 3600 };
        await using (var client = await absent.ConnectAsync()) await client.FollowAsync("queued");

        var before = ResidentMemory.Of(hub.Program);
        publisher.Publish("queued", Million);
        var grown = ResidentMemory.Of(hub.Program) - before;

        await using var back = await absent.ConnectAsync();
        await ExpectAsync(back, Million, Million);
        TestContext.Current.TestOutputHelper?.WriteLine($"{before >> 20} MB before, {grown >> 20} MB for the queue");
        grown.ShouldBeLessThan(MaxQueueBytes);
    }

    [Fact]
    public async Task A_million_queued_messages_are_found_again_after_a_kill()
    {
        await using var hub = new RestartableHub(null, Unlimited);
        await hub.StartAsync();
        var absent = ClientOptions.For(hub.Mqtt.Port) with { ClientId = "absent", CleanStart = false, SessionExpirySeconds = 3600 };
        await using (var client = await absent.ConnectAsync()) await client.FollowAsync("queued");
        using (var publisher = new BulkPublisher(hub.Mqtt)) publisher.Publish("queued", Million);

        await hub.RestartAsync(Ending.Kill);

        TestContext.Current.TestOutputHelper?.WriteLine($"{ResidentMemory.Of(hub.Program) >> 20} MB after the start");
        await using var back = await absent.ConnectAsync();
        await ExpectAsync(back, 0, Million);
    }

    [Fact]
    public async Task A_subscriber_that_falls_behind_catches_up_from_disk()
    {
        const int Count = 300_000;
        const int PayloadBytes = 400;
        await using var hub = new RestartableHub(null, [.. Unlimited, "Mqtt:StalledTimeout=10m"]);
        await hub.StartAsync();
        await using var slow = await (ClientOptions.For(hub.Mqtt.Port) with { MaximumWaitingMessages = 10 }).ConnectAsync();
        await slow.FollowAsync("fast");

        // Nobody reads from the client: it stops reading its socket.
        using var publisher = new BulkPublisher(hub.Mqtt);
        publisher.Publish("fast", Count, PayloadBytes);

        await ExpectAsync(slow, 0, Count);
    }

    // Everything from this number on, once and in order.
    private static async Task ExpectAsync(MqttClient client, int first, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience.LongLimit);
        for (var number = first; number < first + count; number++)
        {
            var message = await client.Messages.ReadAsync(limit.Token);
            if (BulkPublisher.NumberOf(message.Payload.Span) != number)
                Assert.Fail($"{BulkPublisher.NumberOf(message.Payload.Span)} came instead of {number}");
        }

        client.Messages.TryPeek(out _).ShouldBeFalse("nothing comes twice");
    }
}
