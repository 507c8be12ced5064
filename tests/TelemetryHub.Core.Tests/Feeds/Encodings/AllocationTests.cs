using System.Buffers;
using System.Text;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Mqtt.Tests;

namespace TelemetryHub.Core.Tests.Feeds.Encodings;

public class AllocationTests
{
    private readonly ArrayBufferWriter<byte> _output = new(1 << 20);

    public static TheoryData<IEventEncoding> Encodings { get; } =
    [
        new SseEncoding(EventFormat.Event),
        new SseEncoding(EventFormat.Payload),
        new JsonLineEncoding(EventFormat.Event, "a"),
        new CborEncoding(EventFormat.Event, "a"),
    ];

    [Theory]
    [MemberData(nameof(Encodings), DisableDiscoveryEnumeration = true)]
    public void Nothing_is_allocated_for_an_event(IEventEncoding encoding)
    {
        foreach (var text in (string[])["{\"temp\":21.5,\n\"ok\":true}", "two \"lines\"\n", "{\"a\":007}", "", new string('ü', 10_000)])
            BytesFor(encoding, Encoding.UTF8.GetBytes(text)).ShouldBe(0, text);
        BytesFor(encoding, [0xFF, 0xFE]).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Encodings), DisableDiscoveryEnumeration = true)]
    public void Nothing_is_allocated_for_what_the_hub_says(IEventEncoding encoding) =>
        AllocatedBytes.ByWarm(() =>
        {
            _output.ResetWrittenCount();
            encoding.WriteGap(_output, new Gap(5, 1, 6, MissedReason.Slow), Encoded.Context);
            encoding.WriteReset(_output, ResetReason.Epoch, 7, Encoded.Context);
            encoding.WriteSnapshotEnd(_output, 8, Encoded.Context);
            encoding.WriteCursor(_output, 9, Encoded.Context);
            encoding.WriteBye(_output, ByeReason.Shutdown, Encoded.Context);
        }).ShouldBe(0);

    private long BytesFor(IEventEncoding encoding, byte[] payload)
    {
        var @event = Encoded.Event(payload, "plant/\"1\"", "oven-ü");
        return AllocatedBytes.ByWarm(() =>
        {
            _output.ResetWrittenCount();
            encoding.WriteEvent(_output, @event, Encoded.Context);
        });
    }
}
