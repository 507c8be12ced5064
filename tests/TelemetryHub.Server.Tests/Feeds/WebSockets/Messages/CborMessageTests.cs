using TelemetryHub.Server.Feeds.WebSockets;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets.Messages;

public class CborMessageTests
{
    private const string Ping = "A1 6474797065 6470696E67"; // {"type": "ping"}

    [Theory]
    [InlineData(Ping, "ping")]
    [InlineData("D9D9F7" + Ping, "ping")] // tagged as CBOR
    [InlineData("BF 6474797065 6470696E67 FF", "ping")] // of a length that is not told
    [InlineData("A2 63726566 05 6474797065 6470696E67", "05: ping")]
    [InlineData("A2 63726566 1805 6474797065 6470696E67", "05: ping")]
    [InlineData("A2 63726566 6161 6474797065 6470696E67", "6161: ping")]
    [InlineData("A2 63726566 FB3FF8000000000000 6474797065 6470696E67", "F93E00: ping")] // 1.5
    [InlineData("A2 63726566 F6 6474797065 6470696E67", "ping")]
    [InlineData("A1 6474797065 6470696E6F", "unknown-type: 'type' must be 'subscribe', 'unsubscribe', 'publish', 'auth' or 'ping'.")]
    [InlineData("01", "bad-message: A message is a CBOR map.")]
    [InlineData("A2 63726566 05 01 02", "05: bad-message: The keys of a message are texts.")]
    [InlineData("A2 63726566 05 6474797065", "05: bad-message: Not CBOR, cut off, nested too deeply, or with a text in pieces; what follows was not read.")]
    [InlineData("FF", "bad-message: Not CBOR, cut off, nested too deeply, or with a text in pieces; what follows was not read.")]
    [InlineData("A2 63726566 81 01 6474797065 6470696E67", "bad-field: 'ref' must be a number or a text of at most 64 characters.")]
    [InlineData("A1 6178 01", "unknown-field: 'x' is not a field of any message.")]
    public void A_map_is_a_message_or_a_problem(string hex, string expected) => Said.InCbor(hex).ShouldBe([expected]);

    [Fact]
    public void A_frame_has_as_many_messages_as_it_has_items_up_to_one_that_is_broken()
        => Said.InCbor(Ping + "01" + Ping + "1C" + Ping).ShouldBe(
            ["ping", "bad-message: A message is a CBOR map.", "ping", "bad-message: Not CBOR, cut off, nested too deeply, or with a text in pieces; what follows was not read."]);

    [Fact]
    public void A_subscription_is_understood()
        => Said.In(StreamProtocol.Cbor, Items.Map(
            ("type", "subscribe"), ("sub", "a"), ("topics", new[] { "x/#", "y" }), ("snapshot", true), ("every", "250ms"), ("heartbeat", 15L)))
            .ShouldBe(["subscribe a [x/# y] snapshot=true every=250ms heartbeat=15"]);

    [Fact]
    public void A_payload_is_bytes_or_a_text()
    {
        Said.In(StreamProtocol.Cbor, Items.Map(("type", "publish"), ("topic", "x"), ("payload", new byte[] { 1, 255 }), ("qos", 2L))).ShouldBe(["publish x 01FF q2"]);
        Said.In(StreamProtocol.Cbor, Items.Map(("type", "publish"), ("topic", "x"), ("payload", "on"), ("retain", true))).ShouldBe(["publish x 6F6E q1 retain"]);
        Said.In(StreamProtocol.Cbor, Items.Map(("type", "publish"), ("topic", "x"), ("payload", 21L))).ShouldBe(["bad-field: 'payload' must be a text or bytes."]);
        Said.In(StreamProtocol.Cbor, Items.Map(("type", "publish"), ("topic", "x"), ("payload", "AQL/"), ("encoding", "base64"))).ShouldBe(["publish x 0102FF q1"]);
    }

    [Fact]
    public void Anything_at_all_is_answered()
    {
        var random = new Random(4);
        var sample = Items.Map(("type", "subscribe"), ("ref", 7L), ("sub", "a"), ("topics", new[] { "x/#" }), ("every", "1s"), ("payload", new byte[] { 1 }));
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = sample.ToArray();
            for (var changes = random.Next(1, 5); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Said.In(StreamProtocol.Cbor, bytes[..random.Next(1, bytes.Length + 1)]);
        }
    }
}
