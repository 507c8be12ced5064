using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Feeds.Encodings.Cbor;

namespace TelemetryHub.Core.Tests.Feeds.Encodings.Cbor;

public class CborReaderTests
{
    // RFC 8949 appendix A.
    [Theory]
    [InlineData("00", "0")]
    [InlineData("17", "23")]
    [InlineData("1818", "24")]
    [InlineData("1903e8", "1000")]
    [InlineData("1a000f4240", "1000000")]
    [InlineData("1b000000e8d4a51000", "1000000000000")]
    [InlineData("1bffffffffffffffff", "1.8446744073709552E+19")]
    [InlineData("3bffffffffffffffff", "-1.8446744073709552E+19")]
    [InlineData("20", "-1")]
    [InlineData("3903e7", "-1000")]
    [InlineData("f90000", "0")]
    [InlineData("f98000", "-0")]
    [InlineData("f93e00", "1.5")]
    [InlineData("f97bff", "65504")]
    [InlineData("f90001", "5.960464477539063E-08")]
    [InlineData("fa47c35000", "100000")]
    [InlineData("fa7f7fffff", "3.4028234663852886E+38")]
    [InlineData("fb7e37e43c8800759c", "1E+300")]
    [InlineData("fbc010666666666666", "-4.1")]
    [InlineData("f97c00", "Infinity")]
    [InlineData("f97e00", "NaN")]
    [InlineData("faff800000", "-Infinity")]
    [InlineData("f4f5f6f7", "false, true, null, null")]
    [InlineData("f0f8ff", "simple, simple")]
    [InlineData("c074323031332d30332d32315432303a30343a30305a", "\"2013-03-21T20:04:00Z\"")]
    [InlineData("d818456449455446", "h'6449455446'")]
    [InlineData("40", "h''")]
    [InlineData("4401020304", "h'01020304'")]
    [InlineData("60", "\"\"")]
    [InlineData("62225c", "\"\"\\\"")]
    [InlineData("64f0908591", "\"\ud800\udd51\"")]
    [InlineData("80", "[]")]
    [InlineData("8301820203820405", "[1, [2, 3], [4, 5]]")]
    [InlineData("98190102030405060708090a0b0c0d0e0f101112131415161718181819", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]")]
    [InlineData("a0", "{}")]
    [InlineData("a201020304", "{1: 2, 3: 4}")]
    [InlineData("a26161016162820203", "{\"a\": 1, \"b\": [2, 3]}")]
    [InlineData("826161a161626163", "[\"a\", {\"b\": \"c\"}]")]
    [InlineData("9fff", "[]")]
    [InlineData("9f018202039f0405ffff", "[1, [2, 3], [4, 5]]")]
    [InlineData("83018202039f0405ff", "[1, [2, 3], [4, 5]]")]
    [InlineData("bf61610161629f0203ffff", "{\"a\": 1, \"b\": [2, 3]}")]
    [InlineData("bf6346756ef563416d7421ff", "{\"Fun\": true, \"Amt\": -2}")]
    [InlineData("", "")]
    [InlineData("01a0", "1, {}")]
    public void It_reads_what_is_well_formed(string hex, string expected)
    {
        CborText.Of(Convert.FromHexString(hex)).ShouldBe(expected);
        var reader = new CborReader(Convert.FromHexString(hex));
        while (reader.MoveNext())
            reader.TrySkip().ShouldBeTrue();
        reader.IsBroken.ShouldBeFalse();
    }

    [Theory]
    [InlineData("18")]
    [InlineData("1c")]
    [InlineData("1f")]
    [InlineData("41")]
    [InlineData("61ff")] // not UTF-8
    [InlineData("5bffffffffffffffff")]
    [InlineData("7b7fffffffffffffff")]
    [InlineData("81")]
    [InlineData("9b7fffffffffffffff00")]
    [InlineData("bb800000000000000000")]
    [InlineData("a100")]
    [InlineData("9f")]
    [InlineData("bf00ff")] // a key without a value
    [InlineData("ff")]
    [InlineData("81ff")]
    [InlineData("c1")]
    [InlineData("9fc1ff")]
    [InlineData("df00")]
    [InlineData("5f4101ff")] // a string in pieces
    [InlineData("f810")]
    [InlineData("fc")]
    [InlineData("8181818181818181818181818181818181818100")] // too deep
    public void It_stops_at_what_is_not(string hex)
    {
        CborText.Of(Convert.FromHexString(hex)).ShouldEndWith("broken");
        var reader = new CborReader(Convert.FromHexString(hex));
        while (reader.MoveNext())
            reader.TrySkip();
        reader.IsBroken.ShouldBeTrue();
        reader.MoveNext().ShouldBeFalse();
        reader.TrySkip().ShouldBeFalse();
        reader.TryReadInteger(out _).ShouldBeFalse();
    }

    [Fact]
    public void What_is_of_another_kind_stays()
    {
        var reader = new CborReader([0xC1, 0x01, 0x61, (byte)'a']);
        reader.TryReadText(out _).ShouldBeFalse();
        reader.TryReadMap().ShouldBeFalse();
        reader.TryReadBool(out _).ShouldBeFalse();
        reader.TryReadInteger(out var number).ShouldBeTrue();
        number.ShouldBe(1);
        reader.TryReadInteger(out _).ShouldBeFalse();
        reader.TryReadText(out var text).ShouldBeTrue();
        text.SequenceEqual("a"u8).ShouldBeTrue();
        reader.IsBroken.ShouldBeFalse();
    }

    [Fact]
    public void A_map_that_was_left_half_read_is_skipped_from_a_copy()
    {
        var reader = new CborReader(Convert.FromHexString("a201020304" + "05"));
        var inside = reader;
        inside.TryReadMap().ShouldBeTrue();
        inside.TryReadInteger(out _).ShouldBeTrue();
        reader.TrySkip().ShouldBeTrue();
        reader.TryReadInteger(out var next).ShouldBeTrue();
        next.ShouldBe(5);
        reader.MoveNext().ShouldBeFalse();
    }

    [Fact]
    public void Any_bytes_come_to_an_end() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var told = CborText.Of(bytes);
            var reader = new CborReader(bytes);
            while (reader.MoveNext())
                reader.TrySkip();
            reader.IsBroken.ShouldBe(told.EndsWith("broken", StringComparison.Ordinal));
        }).QuickCheckThrowOnFailure();
}
