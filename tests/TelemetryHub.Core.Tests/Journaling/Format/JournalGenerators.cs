using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Tests.Topics;

namespace TelemetryHub.Core.Tests.Journaling.Format;

/// <summary>Events and headers with every field at its odd values.</summary>
internal static class JournalGenerators
{
    private static readonly TopicTable Topics = new(1 << 20);

    private static readonly Gen<long> Long = Gen.OneOf(
        Gen.Elements(0L, 1, 127, 128, 255, 256, 1L << 32, 1_700_000_000_000),
        Gen.Choose(0, int.MaxValue).Select(n => (long)n * 977));

    private static readonly Gen<byte[]> Bytes =
        from length in Gen.Frequency((8, Gen.Choose(0, 200)), (1, Gen.Choose(200, 3000)))
        from seed in Gen.Choose(0, int.MaxValue)
        select RandomBytes(length, seed);

    public static Gen<Principal> Publisher { get; } =
        from client in Gen.Elements("", "device-1", "gerät/+#", new string('x', 300))
        from user in Gen.Elements(null, "", "user", "ü")
        select new Principal(client, user);

    public static Gen<SegmentHeader> Header { get; } =
        from number in Long
        from before in Long
        from skipped in Long
        from created in Long
        from reason in Gen.Elements(SkipReason.Crash, SkipReason.Lost)
        from salt in Gen.Choose(int.MinValue, int.MaxValue)
        select new SegmentHeader(number, before + skipped, created, before, skipped == 0 ? SkipReason.None : reason, (uint)salt);

    /// <summary>An event as it is appended: its sequence is still to be given.</summary>
    public static Gen<Event> Event { get; } =
        from topic in TopicGenerators.Topic
        from payload in Bytes
        from properties in Gen.OneOf(Gen.Constant<byte[]?>(null), Bytes.Select(bytes => (byte[]?)bytes))
        from publisher in Publisher
        from time in Long
        from lifetime in Gen.OneOf(Gen.Constant(-1L), Long)
        from qos in Gen.Elements(QoS.AtMostOnce, QoS.AtLeastOnce, QoS.ExactlyOnce)
        from retain in Gen.Elements(false, false, true)
        from session in Gen.Elements(0u, 0u, 1u, uint.MaxValue)
        from packetId in Gen.Choose(1, ushort.MaxValue)
        select new Event
        {
            Topic = Topics.Get(Encoding.UTF8.GetBytes(topic)),
            Payload = payload,
            Properties = properties,
            Publisher = publisher,
            Time = time,
            ExpiresAt = lifetime < 0 ? 0 : time + lifetime,
            QoS = qos,
            Retain = retain,
            Session = session,
            PacketId = session == 0 ? (ushort)0 : (ushort)packetId,
        };

    public static byte[] RandomBytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
