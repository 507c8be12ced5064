using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Tests.Journaling.Format;

public sealed class SegmentHeaderTests
{
    [Fact]
    public void What_is_written_is_read() => Prop.ForAll(JournalGenerators.Header.ToArbitrary(), header =>
    {
        var bytes = new byte[SegmentHeader.Bytes];
        header.Write(bytes);
        SegmentHeader.TryRead(bytes, out var read).ShouldBeTrue();
        read.ShouldBe(header);
        SegmentHeader.IsLaterVersion(bytes).ShouldBeFalse();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_changed_bit_is_noticed()
    {
        var bytes = new byte[SegmentHeader.Bytes];
        new SegmentHeader(7, 1000, 5, 900, SkipReason.Lost, 12345).Write(bytes);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            SegmentHeader.TryRead(bytes, out _).ShouldBeFalse();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        SegmentHeader.TryRead(bytes.AsSpan(0, 63), out _).ShouldBeFalse();
    }

    [Fact]
    public void A_later_version_is_told_from_damage()
    {
        var bytes = new byte[SegmentHeader.Bytes];
        new SegmentHeader(7, 1000, 5, 1000, SkipReason.None, 12345).Write(bytes);
        bytes[8] = 2;
        SegmentHeader.IsLaterVersion(bytes).ShouldBeFalse();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Crc32C.Of(bytes.AsSpan(0, 60), 0));
        SegmentHeader.IsLaterVersion(bytes).ShouldBeTrue();
        SegmentHeader.TryRead(bytes, out _).ShouldBeFalse();
    }
}
