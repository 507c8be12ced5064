using TelemetryHub.Server.Feeds.WebSockets.Frames;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets.Frames;

public class FrameReaderTests
{
    private const int MaxBytes = 300;

    [Theory]
    [InlineData("8185 37FA213D 7F9F4D5158", "Text Hello")] // RFC 6455 §5.7
    [InlineData("8180 00000000", "Text")]
    [InlineData("8283 00000000 010203", "Binary 010203")]
    [InlineData("82FE0003 00000000 010203", "Binary 010203")] // longer than it needs to be, and harmless
    [InlineData("82FF0000000000000003 00000000 010203", "Binary 010203")]
    [InlineData("8982 00000000 0102", "Ping 0102")]
    [InlineData("8A80 00000000", "Pong")]
    [InlineData("8880 00000000", "Close 1005")]
    [InlineData("8885 00000000 03E8 627965", "Close 1000 bye")]
    [InlineData("8882 00000000 1388", "Fault 1002")] // 5000
    [InlineData("8882 00000000 03E7", "Fault 1002")] // 999
    [InlineData("8882 00000000 03ED", "Fault 1002")] // 1005 is never sent
    [InlineData("8882 00000000 03EE", "Fault 1002")] // 1006 neither
    [InlineData("8882 00000000 0F9F", "Close 3999")]
    [InlineData("8881 00000000 03", "Fault 1002")]
    [InlineData("8883 00000000 03E8FF", "Fault 1007")]
    [InlineData("8182 00000000 C328", "Fault 1007")]
    [InlineData("8183 00000000 EDA080", "Fault 1007")] // a surrogate
    [InlineData("8100", "Fault 1002")] // not masked
    [InlineData("C180", "Fault 1002")] // RSV1: compressed, which was never negotiated
    [InlineData("A180", "Fault 1002")]
    [InlineData("9180", "Fault 1002")]
    [InlineData("8380", "Fault 1002")] // opcodes that are reserved
    [InlineData("8B80", "Fault 1002")]
    [InlineData("0980", "Fault 1002")] // a control frame in fragments
    [InlineData("89FE", "Fault 1002")] // a control frame that is too long
    [InlineData("8080 00000000", "Fault 1002")] // continues nothing
    [InlineData("82FE012D 00000000", "Fault 1009")] // 301 bytes, known before they come
    [InlineData("82FF7FFFFFFFFFFFFFFF 00000000", "Fault 1009")]
    [InlineData("82FF8000000000000000 00000000", "Fault 1002")]
    public void A_frame_is_taken_or_refused_with_its_code(string hex, string expected)
    {
        var bytes = Bytes(hex);
        new FrameReading(MaxBytes).Take(bytes).Found.ShouldBe([expected]);
        var slowly = new FrameReading(MaxBytes);
        foreach (var one in bytes) slowly.Take(one);
        slowly.Found.ShouldBe([expected]);
    }

    [Theory]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void Lengths_are_read_at_their_limits(int length)
    {
        var payload = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var reading = new FrameReading().Take(ClientFrames.Frame(Opcode.Binary, payload));
        reading.Messages.ShouldHaveSingleItem().ShouldBe(payload);
    }

    [Fact]
    public void A_message_in_fragments_is_one_with_control_frames_between_them()
    {
        var reading = new FrameReading().Take(
            [
                .. ClientFrames.Frame(Opcode.Text, [.. "gr\u00FC"u8[..3]], isFinal: false), // cut within a letter
                .. ClientFrames.Frame(Opcode.Ping, [1, 2]),
                .. ClientFrames.Frame(Opcode.Continuation, [], isFinal: false),
                .. ClientFrames.Frame(Opcode.Pong, []),
                .. ClientFrames.Frame(Opcode.Continuation, [.. "gr\u00FCn"u8[3..]]),
                .. ClientFrames.Text("next"),
            ]);
        reading.Found.ShouldBe(["Ping 0102", "Pong", "Text gr\u00FCn", "Text next"]);
    }

    [Fact]
    public void A_message_must_not_begin_within_another()
        => new FrameReading().Take([.. ClientFrames.Frame(Opcode.Text, [1], isFinal: false), .. ClientFrames.Text("other")]).Found.ShouldBe(["Fault 1002"]);

    [Fact]
    public void A_message_in_fragments_must_not_be_larger_than_one_in_a_frame()
    {
        var reading = new FrameReading(MaxBytes).Take(ClientFrames.Frame(Opcode.Binary, new byte[MaxBytes], isFinal: false));
        reading.Take(ClientFrames.Frame(Opcode.Continuation, [], isFinal: false)).Found.ShouldBeEmpty();
        reading.Take(ClientFrames.Frame(Opcode.Continuation, [1])).Found.ShouldBe(["Fault 1009"]);
    }

    [Fact]
    public void A_letter_that_never_ends_is_no_text()
        => new FrameReading().Take([.. ClientFrames.Frame(Opcode.Text, [0xC3], isFinal: false), .. ClientFrames.Frame(Opcode.Continuation, [])])
            .Found.ShouldBe(["Fault 1007"]);

    [Theory]
    [InlineData("8880 00000000")]
    [InlineData("8100")]
    public void Nothing_is_read_behind_the_end(string end)
    {
        var reading = new FrameReading().Take(Bytes(end));
        reading.Found.Clear();
        reading.Take(ClientFrames.Text("more")).Found.ShouldBeEmpty();
    }

    [Fact]
    public void Whole_messages_are_read_without_allocating()
    {
        var frame = ClientFrames.Frame(Opcode.Text, new byte[1000]);
        var reader = new FrameReader(MaxBytes * 10);
        void Read()
        {
            reader.Read(frame, out _);
            reader.Read([], out _);
        }

        for (var i = 0; i < 100; i++) Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Read();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
