using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Journaling.Format;

/// <summary>Bytes that were never written as frames are told apart and never throw.</summary>
public sealed class HostileFrameTests
{
    private static readonly SegmentHeader Header = new(1, 1, 0, 1, SkipReason.None, 0xDEADBEEF);

    [Fact]
    public void Garbage_is_no_frame() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), garbage =>
    {
        var reader = new FrameReader(garbage, Header.Salt);
        var status = reader.Read();
        status.ShouldNotBe(FrameStatus.Whole);
        if (status == FrameStatus.Cut)
            reader.NeededBytes.ShouldBeGreaterThan(garbage.Length);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_length_is_bad_or_cut_or_the_end()
    {
        var bytes = new byte[64];
        foreach (var length in new[] { 0, 1, 55, 56, 57, 1 << 30, (1 << 30) + 1, int.MaxValue - 8, int.MaxValue, int.MinValue, -1 })
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
            var reader = new FrameReader(bytes, Header.Salt);
            var expected = length switch
            {
                0 => FrameStatus.End,
                > 56 and <= 1 << 30 => FrameStatus.Cut,
                _ => FrameStatus.Bad,
            };
            reader.Read().ShouldBe(expected, length.ToString(System.Globalization.CultureInfo.InvariantCulture));
            reader.Read().ShouldBe(expected);
        }
    }

    [Fact]
    public void A_changed_bit_is_never_a_whole_frame()
    {
        using var writer = new FrameWriter();
        writer.Reset(Header);
        writer.Commit(new CommitFrame(1, 2, 3, 4));
        var bytes = writer.Written.ToArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            new FrameReader(bytes, Header.Salt).Read().ShouldNotBe(FrameStatus.Whole);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        new FrameReader(bytes, Header.Salt).Read().ShouldBe(FrameStatus.Whole);
        new FrameReader(bytes, Header.Salt + 1).Read().ShouldBe(FrameStatus.Bad);
    }

    [Fact]
    public void A_frame_that_is_cut_says_how_many_bytes_it_needs()
    {
        using var writer = new FrameWriter();
        writer.Reset(Header);
        writer.Topic(0, TopicName.Parse("a/b/c"));
        for (var have = 0; have < writer.Count; have++)
        {
            var reader = new FrameReader(writer.Written[..have], Header.Salt);
            reader.Read().ShouldBe(FrameStatus.Cut);
            reader.NeededBytes.ShouldBe(have < FrameReader.PrefixBytes ? FrameReader.MinFrameBytes : writer.Count);
        }
    }

    // A body with a right checksum is one that somebody wrote, but it may have been another program, or one with a defect.
    [Fact]
    public void Any_body_is_read_or_refused() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), body =>
    {
        if (EventFrame.TryRead(body, Header, out var @event))
            (@event.Payload.Length + @event.Properties.Length).ShouldBeLessThan(body.Length);
        if (TopicFrame.TryRead(body, out var topic))
            TopicName.IsValid(topic.Name).ShouldBeTrue();
        if (PublisherFrame.TryRead(body, out var publisher))
            publisher.ToPrincipal().ClientId.Length.ShouldBeLessThanOrEqualTo(body.Length);
        CommitFrame.TryRead(body, out _);
        SealFrame.TryRead(body, out _);
        var entries = new StateEntries(body);
        while (entries.Read())
            entries.Record.Length.ShouldBeLessThan(body.Length);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void A_number_longer_than_64_bits_is_refused()
    {
        var at = 0;
        Varint.TryRead([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], ref at, out ulong largest).ShouldBeTrue();
        largest.ShouldBe(ulong.MaxValue);
        at = 0;
        Varint.TryRead([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02], ref at, out ulong _).ShouldBeFalse();
        at = 0;
        Varint.TryRead([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], ref at, out ulong _).ShouldBeFalse();
        at = 0;
        Varint.TryRead([0x80, 0x80, 0x80, 0x80, 0x08], ref at, out int _).ShouldBeFalse();
    }
}
