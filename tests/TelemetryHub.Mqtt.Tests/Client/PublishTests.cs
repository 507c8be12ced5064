using TelemetryHub.Mqtt.Client;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class PublishTests : IAsyncDisposable
{
    private static readonly byte[] X = "x"u8.ToArray();

    private readonly FakeServer _server = new();

    [Fact]
    public async Task QoS_1_and_2_complete_with_the_servers_reason()
    {
        var client = _server.Client();
        var peer = await _server.ConnectAsync(client);

        var first = client.PublishAsync("a", X, QoS.AtLeastOnce);
        var second = client.PublishAsync("b", X, QoS.ExactlyOnce, retain: true);
        await peer.ExpectAsync("32 07 00 01 'a' 00 01 00 'x'  35 07 00 01 'b' 00 02 00 'x'");
        await peer.SendAsync("40 03 00 01 10");
        (await first.Soon()).ShouldBe(new PublishResult(ReasonCode.NoMatchingSubscribers));

        await peer.SendAsync("50 02 00 02");
        await peer.ExpectAsync("62 02 00 02");
        second.IsCompleted.ShouldBeFalse();
        await peer.SendAsync("70 02 00 02");
        (await second.Soon()).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refusing_PUBREC_ends_the_exchange_and_frees_its_place()
    {
        var client = _server.Client();
        var peer = await _server.ConnectAsync(client, "20 06 00 00 03 21 00 01");
        var refused = client.PublishAsync("a", X, QoS.ExactlyOnce);
        var next = client.PublishAsync("b", X, QoS.ExactlyOnce);
        await peer.ExpectAsync("34 07 00 01 'a' 00 01 00 'x'");
        await peer.SendAsync("50 09 00 01 97 05 1F 00 02 'no'");
        (await refused.Soon()).ShouldBe(new PublishResult(ReasonCode.QuotaExceeded, "no"));
        await peer.ExpectAsync("34 07 00 01 'b' 00 02 00 'x'");
        next.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task No_more_publishes_are_out_than_the_server_takes()
    {
        var client = _server.Client();
        var peer = await _server.ConnectAsync(client, "20 06 00 00 03 21 00 02");
        var publishes = Enumerable.Range(0, 4).Select(_ => client.PublishAsync("a", X, QoS.AtLeastOnce).AsTask()).ToList();
        await client.PublishAsync("q0", X);

        // QoS 0 needs no place in the window and passes
        await peer.ExpectAsync("32 07 00 01 'a' 00 01 00 'x'  32 07 00 01 'a' 00 02 00 'x'  30 06 00 02 'q0' 00 'x'");
        await peer.SendAsync("40 02 00 02");
        await peer.ExpectAsync("32 07 00 01 'a' 00 03 00 'x'");
        await peer.SendAsync("40 02 00 01 40 02 00 03");
        await peer.ExpectAsync("32 07 00 01 'a' 00 04 00 'x'");
        await peer.SendAsync("40 02 00 04");
        (await Task.WhenAll(publishes).Soon()).ShouldAllBe(result => result.IsSuccess);
    }

    [Fact]
    public async Task Repeated_topics_become_aliases_as_far_as_the_server_allows()
    {
        var client = _server.Client(_server.Options with { UseTopicAliases = true });
        var peer = await _server.ConnectAsync(client, "20 06 00 00 03 22 00 01");
        foreach (var topic in new[] { "a", "a", "b", "b", "a" })
            await client.PublishAsync(topic, X);
        await peer.ExpectAsync("30 08 00 01 'a' 03 23 00 01 'x'  30 07 00 00 03 23 00 01 'x'");
        await peer.ExpectAsync("30 05 00 01 'b' 00 'x'  30 05 00 01 'b' 00 'x'  30 07 00 00 03 23 00 01 'x'");
    }

    [Fact]
    public async Task What_the_server_announced_not_to_take_is_not_sent()
    {
        var client = _server.Client();
        var peer = await _server.ConnectAsync(client, "20 0C 00 00 09 24 01 25 00 27 00 00 00 10");
        (await RefusalAsync(client, new MqttMessage { Topic = TopicName.Parse("a"), QoS = QoS.ExactlyOnce })).ShouldBe(ReasonCode.QoSNotSupported);
        (await RefusalAsync(client, new MqttMessage { Topic = TopicName.Parse("a"), Retain = true })).ShouldBe(ReasonCode.RetainNotSupported);
        (await RefusalAsync(client, new MqttMessage { Topic = TopicName.Parse("a"), QoS = QoS.AtLeastOnce, Payload = new byte[20] }))
            .ShouldBe(ReasonCode.PacketTooLarge);

        var fits = client.PublishAsync("b", X, QoS.AtLeastOnce);
        await peer.ExpectAsync("32 07 00 01 'b' 00");
        fits.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Cancelling_takes_back_what_was_not_sent_and_sees_the_rest_through()
    {
        var client = _server.Client();
        var peer = await _server.ConnectAsync(client, "20 06 00 00 03 21 00 01");
        using var cancel = new CancellationTokenSource();
        var sent = client.PublishAsync("a", X, QoS.AtLeastOnce, cancellationToken: cancel.Token).AsTask();
        var waiting = client.PublishAsync("b", X, QoS.AtLeastOnce, cancellationToken: cancel.Token).AsTask();
        var last = client.PublishAsync("c", X, QoS.AtLeastOnce);
        await cancel.CancelAsync();
        await sent.ShouldThrowAsync<OperationCanceledException>();
        await waiting.ShouldThrowAsync<OperationCanceledException>();

        await peer.ExpectAsync("32 07 00 01 'a' 00 01 00 'x'");
        await peer.SendAsync("40 02 00 01");
        await peer.ExpectAsync("32 07 00 01 'c' 00 02 00 'x'");
        await peer.SendAsync("40 02 00 02");
        await last.Soon();
    }

    [Fact]
    public async Task A_server_that_does_not_read_holds_publishers_back_and_loses_nothing()
    {
        var client = _server.Client(_server.Options with { MaximumPendingBytes = 1000 });
        var peer = await _server.ConnectAsync(client);
        var payload = new byte[32 * 1024];
        var publishes = new List<Task<PublishResult>>();
        Task<PublishResult> latest;
        do
        {
            latest = client.PublishAsync("a", payload).AsTask();
            publishes.Add(latest);
        }
        while (latest.IsCompleted || publishes.Count < 1000); // far more than loopback's buffers take
        publishes.Count(publish => publish.IsCompleted).ShouldBeLessThan(1000);

        foreach (var _ in publishes)
            (await peer.ReadPacketAsync()).Length.ShouldBe(4 + 4 + payload.Length);
        await Task.WhenAll(publishes).Soon();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<ReasonCode> RefusalAsync(MqttClient client, MqttMessage message) =>
        (await Should.ThrowAsync<MqttRefusedException>(async () => await client.PublishAsync(message))).Reason;
}
