using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Mqtt.Tests.Packets;

public class FramingTests
{
    private static readonly byte[] Sample = PacketScript.Parse("30 .. \"plant/a\" 'hello'");

    [Fact]
    public void Packets_are_found_whole_wherever_the_bytes_are_cut() =>
        Prop.ForAll(PacketGenerators.Any.ArrayOf(3).ToArbitrary(), samples =>
        {
            var bytes = samples.SelectMany(sample => sample.Bytes).ToArray();
            for (var cut = 0; cut <= bytes.Length; cut++)
                ReadAll(Cut(bytes, cut, bytes.Length), samples);
            ReadAll(Cut(bytes, [.. Enumerable.Range(0, bytes.Length + 1)]), samples);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void An_incomplete_packet_stays_in_the_buffer_and_its_size_is_known_with_its_header()
    {
        for (var length = 0; length < Sample.Length; length++)
        {
            var whole = new ReadOnlySequence<byte>(Sample, 0, length);
            var byByte = Cut(Sample[..length], [.. Enumerable.Range(0, length + 1)]);
            foreach (var buffer in (ReadOnlySequence<byte>[])[whole, byByte])
            {
                var rest = buffer;
                Framing.TryReadPacket(ref rest, 100, out var header, out var body, out var fault).ShouldBe(ReadStatus.NeedMore);
                fault.ShouldBe(ProtocolFault.None);
                rest.Length.ShouldBe(length);
                body.IsEmpty.ShouldBeTrue();
                header.TotalBytes.ShouldBe(length < 2 ? 0 : Sample.Length);
            }
        }
    }

    [Theory]
    [InlineData("C0 00", 2, 0)]
    [InlineData("30 7F", 2, 127)]
    [InlineData("30 80 01", 3, 128)]
    [InlineData("30 FF 7F", 3, 16_383)]
    [InlineData("30 80 80 01", 4, 16_384)]
    [InlineData("30 FF FF 7F", 4, 2_097_151)]
    [InlineData("30 80 80 80 01", 5, 2_097_152)]
    [InlineData("30 FF FF FF 7F", 5, 268_435_455)]
    public void The_remaining_length_is_read_up_to_its_limits(string script, int headerBytes, int bodyBytes)
    {
        var bytes = PacketScript.Parse(script);
        Framing.TryReadHeader(bytes, int.MaxValue, out var header, out _).ShouldBe(ReadStatus.Complete);
        header.HeaderBytes.ShouldBe(headerBytes);
        header.BodyBytes.ShouldBe(bodyBytes);
        header.TotalBytes.ShouldBe(headerBytes + bodyBytes);
        header.CheckLength(MqttVersion.V5).ShouldBe(ProtocolFault.None);
    }

    [Fact]
    public void A_packet_may_be_as_large_as_the_limit_and_no_larger()
    {
        Framing.TryReadHeader(Sample, Sample.Length, out _, out _).ShouldBe(ReadStatus.Complete);
        Framing.TryReadHeader(Sample, Sample.Length - 1, out _, out var fault).ShouldBe(ReadStatus.Malformed);
        fault.ShouldBe(ProtocolFault.PacketTooLarge);
    }

    [Fact]
    public void A_length_bomb_is_refused_before_its_body_arrives()
    {
        var buffer = new ReadOnlySequence<byte>([0x30, 0xFF, 0xFF, 0xFF, 0x7F]);
        Framing.TryReadPacket(ref buffer, 1_000_000, out _, out _, out var fault).ShouldBe(ReadStatus.Malformed);
        fault.ShouldBe(ProtocolFault.PacketTooLarge);
    }

    [Fact]
    public void A_wrong_first_byte_is_refused_before_its_length_arrives()
    {
        Framing.TryReadHeader([0x00], 100, out _, out var fault).ShouldBe(ReadStatus.Malformed);
        fault.ShouldBe(ProtocolFault.UnknownPacketType);
        Framing.TryReadHeader([0x36], 100, out _, out fault).ShouldBe(ReadStatus.Malformed);
        fault.ShouldBe(ProtocolFault.InvalidQoS);
    }

    private static void ReadAll(ReadOnlySequence<byte> buffer, SamplePacket[] samples)
    {
        foreach (var sample in samples)
        {
            Framing.TryReadPacket(ref buffer, int.MaxValue, out var header, out var body, out var fault).ShouldBe(ReadStatus.Complete);
            fault.ShouldBe(ProtocolFault.None);
            header.Type.ShouldBe(sample.Type);
            body.ToArray().AsSpan().SequenceEqual(sample.Bytes.AsSpan(header.HeaderBytes)).ShouldBeTrue();
        }

        buffer.IsEmpty.ShouldBeTrue();
        Framing.TryReadPacket(ref buffer, int.MaxValue, out _, out _, out _).ShouldBe(ReadStatus.NeedMore);
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, params int[] cuts)
    {
        var first = new Segment(default);
        var last = first;
        var from = 0;
        foreach (var cut in cuts)
        {
            last = last.Append(bytes.AsMemory(from, cut - from));
            from = cut;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
