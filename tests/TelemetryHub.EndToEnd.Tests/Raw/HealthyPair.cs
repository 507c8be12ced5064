using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Raw;

/// <summary>A publisher and a subscriber that are fine all along. What others send must not disturb them.</summary>
public sealed class HealthyPair : IAsyncDisposable
{
    private readonly string topic = Unique.Topic("healthy");
    private readonly RawConnection publisher;
    private readonly RawConnection subscriber;
    private int messages;

    private HealthyPair(RawConnection publisher, RawConnection subscriber)
    {
        this.publisher = publisher;
        this.subscriber = subscriber;
    }

    public static async Task<HealthyPair> ConnectAsync(IBrokerUnderTest broker)
    {
        var publisher = await RawConnection.ConnectAsync(broker.Mqtt, 4, Unique.ClientId("healthy"));
        var subscriber = await RawConnection.ConnectAsync(broker.Mqtt, 4, Unique.ClientId("healthy"));
        var pair = new HealthyPair(publisher, subscriber);
        await subscriber.SendAsync($"82 {{ 0001 \"{pair.topic}\" 01 }}");
        (await subscriber.ReadAsync()).ShouldBePacket("90 000101");
        return pair;
    }

    /// <summary>Publishes with QoS 1 and waits for the acknowledgement and the message.</summary>
    public async Task ExchangeAsync()
    {
        var id = (++messages).ToString("X4");
        await publisher.SendAsync($"32 {{ \"{topic}\" {id} 'message {id}' }}");
        (await publisher.ReadAsync()).ShouldBePacket($"40 {id}", "the publisher is not served");

        var message = await subscriber.ReadAsync();
        message.ShouldNotBeNull("the subscriber was cut off");
        var idAt = 2 + topic.Length;
        message.Body[(idAt + 2)..].ShouldBe(PacketNotation.Parse($"'message {id}'"));
        await subscriber.SendAsync($"40 {{ {Convert.ToHexString(message.Body.AsSpan(idAt, 2))} }}");
    }

    public async ValueTask DisposeAsync()
    {
        await publisher.DisposeAsync();
        await subscriber.DisposeAsync();
    }
}
