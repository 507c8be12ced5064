using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Core.Tests.Feeds.Encodings.Cbor;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Feeds.Encodings;

/// <summary>What encodings make of events.</summary>
internal static class Encoded
{
    public static EncodingContext Context { get; } = new("k3v9q0a7m2xz"u8.ToArray(), null);

    /// <summary>Any bytes, often text, often with the ends of lines, blanks, quotes and controls in it.</summary>
    public static Arbitrary<byte[]> AnyPayload { get; } = Gen.OneOf(
        ArbMap.Default.GeneratorFor<byte[]>(),
        Gen.Elements("\r", "\n", "\r\n", " ", "a", "\"", "\\", ":", "data", "\0", "\ufeff", "ü", "\u0085", "\u2028", "😀", "{}", "1", "[", "]", ",", "\t")
            .ListOf()
            .Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)))).ToArbitrary();

    public static Event Event(ReadOnlySpan<byte> payload, string topic = "plant/1", string client = "oven-3") => new()
    {
        Topic = new TopicTable(1 << 20).Get(TopicName.Parse(topic)),
        Payload = payload.ToArray(),
        Publisher = new Principal(client, null),
        Time = new DateTimeOffset(2026, 1, 31, 12, 0, 0, 7, TimeSpan.Zero).ToUnixTimeMilliseconds(),
        QoS = QoS.AtLeastOnce,
        Retain = true,
        Sequence = 5,
    };

    public static byte[] Bytes(this IEventEncoding encoding, Event @event, EncodingContext? context = null) =>
        Bytes(to => encoding.WriteEvent(to, @event, context ?? Context));

    public static string Text(this IEventEncoding encoding, ReadOnlySpan<byte> payload) => Encoding.UTF8.GetString(encoding.Bytes(Event(payload)));

    public static string Text(Action<IBufferWriter<byte>> write) => Encoding.UTF8.GetString(Bytes(write));

    public static string Cbor(Action<IBufferWriter<byte>> write) => CborText.Of(Bytes(write));

    private static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
