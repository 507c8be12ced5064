using TelemetryHub.Mqtt.Client;
using TelemetryHub.Mqtt.Client.Connections;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class OutboxTests
{
    private static readonly TopicName Topic = TopicName.Parse("plant/line/1");

    [Fact]
    public async Task Packets_of_many_publishers_leave_in_few_writes()
    {
        var stream = new GatedStream();
        var outbox = new Outbox(new MqttClientOptions(), new ConnectResult(), stream, TimeProvider.System);
        Publish(outbox).ShouldBe(WriteOutcome.Written);
        await stream.WriteBegan.Soon();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 125; i++)
                Publish(outbox).ShouldBe(WriteOutcome.Written);
        })));
        stream.Open();
        await outbox.CompleteAsync().Soon();

        stream.Writes.ShouldBe(2);
        stream.Bytes.ShouldBe(1001 * 24);
    }

    [Fact]
    public async Task A_full_outbox_takes_nothing_until_the_socket_made_room()
    {
        var stream = new GatedStream();
        var room = new TaskCompletionSource();
        var options = new MqttClientOptions { MaximumPendingBytes = 50 };
        var outbox = new Outbox(options, new ConnectResult(), stream, TimeProvider.System) { RoomMade = () => room.TrySetResult() };
        Publish(outbox);
        await stream.WriteBegan.Soon();
        for (var i = 0; i < 3; i++)
            Publish(outbox).ShouldBe(WriteOutcome.Written);
        Publish(outbox).ShouldBe(WriteOutcome.NoRoom);

        stream.Open();
        await room.Task.Soon();
        await outbox.CompleteAsync().Soon();
        Publish(outbox).ShouldBe(WriteOutcome.Closed);
    }

    [Fact]
    public async Task Publishing_costs_no_allocation_per_message()
    {
        var stream = new GatedStream();
        var outbox = new Outbox(new MqttClientOptions { MaximumPendingBytes = 1 << 20 }, new ConnectResult(), stream, TimeProvider.System);
        Publish(outbox);
        await stream.WriteBegan.Soon(); // what comes now stays in one buffer
        for (var i = 0; i < 6000; i++)
            Publish(outbox); // 144 KB: from 128 KB on the buffer has 256 KB
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 4000; i++)
            Publish(outbox);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static WriteOutcome Publish(Outbox outbox) =>
        outbox.TryPublish(new PublishPacket { Topic = Topic.Utf8, Payload = "12345678"u8[..7] }, Topic);

    /// <summary>A socket that takes its first write when it is told to.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task WriteBegan => _began.Task;

        public int Writes { get; private set; }

        public int Bytes { get; private set; }

        public void Open() => _gate.TrySetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _began.TrySetResult();
            await _gate.Task;
            Writes++;
            Bytes += buffer.Length;
        }
    }
}
