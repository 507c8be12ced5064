using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Core.Feeds.Encodings.Cbor;
using TelemetryHub.Core.Tests.Feeds.Encodings.Cbor;

namespace TelemetryHub.Core.Tests.Feeds.Encodings;

public class CborEncodingTests
{
    private static readonly CborEncoding Envelopes = new(EventFormat.Event, "a");
    private static readonly CborEncoding Payloads = new(EventFormat.Payload, null);

    [Fact]
    public void An_event_is_a_map_like_that_of_json() =>
        CborText.Of(Envelopes.Bytes(Encoded.Event("21.5"u8))).ShouldBe(
            """{"sub": "a", "id": "k3v9q0a7m2xz-5", "topic": "plant/1", "time": 1769860800007, "qos": 1, "retain": true, "client": "oven-3", "payload": h'32312e35'}""");

    [Fact]
    public void A_payload_alone_has_its_cursor_and_topic() =>
        CborText.Of(Payloads.Bytes(Encoded.Event("21.5"u8))).ShouldBe("""{"id": "k3v9q0a7m2xz-5", "topic": "plant/1", "payload": h'32312e35'}""");

    [Fact]
    public void Any_payload_and_client_come_back() =>
        Prop.ForAll(Encoded.AnyPayload, payload =>
        {
            var client = Encoding.UTF8.GetString(payload);
            var reader = new CborReader(new CborEncoding(EventFormat.Event, null).Bytes(Encoded.Event(payload, client: client)));
            reader.TryReadMap().ShouldBeTrue();
            while (reader.MoveNext())
            {
                reader.TryReadText(out var key).ShouldBeTrue();
                if (key.SequenceEqual("client"u8))
                    Text(ref reader).ShouldBe(client);
                else if (key.SequenceEqual("payload"u8))
                    Bytes(ref reader).ShouldBe(payload);
                else
                    reader.TrySkip().ShouldBeTrue();
            }
            reader.MoveNext().ShouldBeFalse();
            reader.IsBroken.ShouldBeFalse();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_the_hub_says_has_a_type()
    {
        var context = Encoded.Context;
        var gap = new Gap(5, 1, 6, MissedReason.Slow);
        Encoded.Cbor(to => Envelopes.WriteGap(to, gap, context)).ShouldBe(
            """{"type": "gap", "sub": "a", "id": "k3v9q0a7m2xz-6", "missed": 5, "from": "k3v9q0a7m2xz-1", "to": "k3v9q0a7m2xz-6", "reason": "slow"}""");
        Encoded.Cbor(to => Payloads.WriteGap(to, gap with { Missed = null }, context)).ShouldBe(
            """{"type": "gap", "id": "k3v9q0a7m2xz-6", "missed": null, "from": "k3v9q0a7m2xz-1", "to": "k3v9q0a7m2xz-6", "reason": "slow"}""");
        Encoded.Cbor(to => Envelopes.WriteReset(to, ResetReason.Future, 9, context))
            .ShouldBe("""{"type": "reset", "sub": "a", "id": "k3v9q0a7m2xz-9", "reason": "future"}""");
        Encoded.Cbor(to => Envelopes.WriteSnapshotEnd(to, 9, context)).ShouldBe("""{"type": "snapshot-end", "sub": "a", "id": "k3v9q0a7m2xz-9"}""");
        Encoded.Cbor(to => Envelopes.WriteCursor(to, 9, context)).ShouldBe("""{"type": "cursor", "sub": "a", "id": "k3v9q0a7m2xz-9"}""");
        Encoded.Cbor(to => Envelopes.WriteBye(to, ByeReason.Forbidden, context)).ShouldBe("""{"type": "bye", "sub": "a", "reason": "forbidden"}""");
    }

    private static string Text(ref CborReader reader)
    {
        reader.TryReadText(out var utf8).ShouldBeTrue();
        return Encoding.UTF8.GetString(utf8);
    }

    private static byte[] Bytes(ref CborReader reader)
    {
        reader.TryReadBytes(out var bytes).ShouldBeTrue();
        return bytes.ToArray();
    }
}
