using System.Buffers;
using System.Net.WebSockets;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Server.Feeds.WebSockets;
using TelemetryHub.Server.Feeds.WebSockets.Frames;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets.Frames;

/// <summary>The other side is System.Net.WebSockets.</summary>
public class FramesAgainstTheFrameworkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Its fragments: each message is sent in as many frames as it has parts.
    private static Arbitrary<byte[][][]> Messages { get; }
        = ArbMap.Default.GeneratorFor<byte[]>().ArrayOf().Where(parts => parts.Length > 0).ArrayOf().ToArbitrary();

    [Fact]
    public void Its_messages_are_read_whole_wherever_the_bytes_are_cut()
        => Prop.ForAll(Messages, ArbMap.Default.ArbFor<int>(), (messages, seed) =>
        {
            using var pair = new WebSocketPair();
            foreach (var parts in messages)
            {
                for (var i = 0; i < parts.Length; i++)
                    pair.Client.SendAsync(parts[i], WebSocketMessageType.Binary, i == parts.Length - 1, Cancel).Wait(Cancel);
            }

            var reading = new FrameReading();
            foreach (var piece in Cut(pair.Sent.ToArray(), seed)) reading.Take(piece);
            reading.Messages.ShouldBe(messages.Select(parts => parts.SelectMany(part => part).ToArray()));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public async Task It_reads_what_is_written(int length)
    {
        using var pair = new WebSocketPair();
        var output = new ArrayBufferWriter<byte>();
        var payload = Enumerable.Repeat((byte)'x', length).ToArray();
        FrameWriter.Write(output, Opcode.Ping, [1]);
        FrameWriter.Write(output, Opcode.Text, payload);
        FrameWriter.Write(output, Opcode.Binary, payload);
        pair.Give(output.WrittenSpan);
        foreach (var type in (WebSocketMessageType[])[WebSocketMessageType.Text, WebSocketMessageType.Binary])
        {
            var buffer = new byte[length + 1];
            var received = await pair.Client.ReceiveAsync(buffer.AsMemory(), Cancel);
            (received.MessageType, received.Count, received.EndOfMessage).ShouldBe((type, length, true));
            buffer[..length].ShouldBe(payload);
        }

        new FrameReading().Take(pair.Sent.ToArray()).Found.ShouldBe(["Pong 01"]);
    }

    [Fact]
    public async Task It_understands_why_it_is_closed_and_is_understood()
    {
        using var pair = new WebSocketPair();
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteClose(output, CloseCode.TooSlow, "slow"u8);
        pair.Give(output.WrittenSpan);
        await pair.Client.ReceiveAsync(new byte[1], Cancel);
        ((int?)pair.Client.CloseStatus, pair.Client.CloseStatusDescription).ShouldBe((4408, "slow"));
        await pair.Client.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "off", Cancel);
        new FrameReading().Take(pair.Sent.ToArray()).Found.ShouldBe(["Close 1001 off"]);
    }

    [Fact]
    public void A_close_frame_without_a_code_is_empty_and_a_reason_too_long_is_left_out()
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteClose(output, CloseCode.NoStatus);
        FrameWriter.WriteClose(output, CloseCode.Normal, new byte[200]);
        output.WrittenSpan.ToArray().ShouldBe([0x88, 0, 0x88, 2, 0x03, 0xE8]);
    }

    [Fact]
    public void Garbage_is_found_out_or_waited_for_and_never_costs_more_than_the_limit()
        => Prop.ForAll(ArbMap.Default.GeneratorFor<byte[]>().Resize(400).ToArbitrary(), ArbMap.Default.ArbFor<int>(), (bytes, seed) =>
        {
            var reading = new FrameReading(maxMessageBytes: 64);
            foreach (var piece in Cut(bytes, seed)) reading.Take(piece);
            reading.Messages.ShouldAllBe(message => message.Length <= 64);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static IEnumerable<byte[]> Cut(byte[] bytes, int seed)
    {
        var random = new Random(seed);
        for (int start = 0, end; start < bytes.Length; start = end)
        {
            end = Math.Min(bytes.Length, start + random.Next(1, 20));
            yield return bytes[start..end];
        }
    }
}
