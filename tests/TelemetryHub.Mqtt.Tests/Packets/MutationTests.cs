using System.Buffers;
using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>Valid packets, damaged in every way that comes to mind. Seeded, so that a failure can be run again; bounded in time.</summary>
public class MutationTests
{
    private const int Seed = 20_240_229;
    private const int MaxRounds = 2_000_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    [Fact]
    public void Damaged_packets_never_throw_never_hang_and_never_make_the_decoder_allocate()
    {
        var random = new Random(Seed);
        var samples = Samples(Seed);

        // Once around undamaged, for what the test's own delegates and the code's tables allocate on first use.
        foreach (var sample in samples)
        {
            foreach (var version in Enum.GetValues<MqttVersion>())
                Decode(sample, version);
        }

        var clock = Stopwatch.StartNew();
        var rounds = 0;
        for (; rounds < MaxRounds && clock.Elapsed < Limit; rounds++)
        {
            var bytes = Damage.Apply(random, samples);
            var version = (MqttVersion)random.Next(3, 6);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var packets = Decode(bytes, version);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > 0 || packets > bytes.Length / 2)
                Assert.Fail($"Round {rounds}: {packets} packets, {allocated} bytes for {version} {Convert.ToHexString(bytes)}");
        }

        rounds.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public void What_is_accepted_after_damage_can_be_written_and_means_the_same()
    {
        var random = new Random(Seed + 1);
        var samples = Samples(Seed + 1);
        var clock = Stopwatch.StartNew();
        var accepted = 0;
        for (var round = 0; round < 200_000 && clock.ElapsedMilliseconds < 1_500; round++)
        {
            var bytes = Damage.Apply(random, samples);
            var version = (MqttVersion)random.Next(3, 6);
            var output = new ArrayBufferWriter<byte>();
            var first = new PacketSink { Rewritten = output, Describes = true };
            if (AnyPacket.TryRead(bytes, version, first) != ProtocolFault.None)
                continue;

            var second = new PacketSink { Describes = true };
            AnyPacket.TryRead(output.WrittenSpan, version, second).ShouldBe(ProtocolFault.None, Convert.ToHexString(bytes));
            second.Text.ShouldBe(first.Text);
            accepted++;
        }

        accepted.ShouldBeGreaterThan(100);
    }

    private static byte[][] Samples(ulong seed) =>
        [.. PacketGenerators.Any.Sample(1_000, new Rnd(seed), 10).Select(sample => sample.Bytes)];

    private static int Decode(byte[] bytes, MqttVersion version)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        var packets = 0;
        while (Framing.TryReadPacket(ref buffer, 100_000, out var header, out var body, out _) == ReadStatus.Complete)
        {
            packets++;
            if (AnyPacket.TryRead(header, body.FirstSpan, version, PacketSink.Nothing) != ProtocolFault.None)
                break;
        }

        return packets;
    }
}
