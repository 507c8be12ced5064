using System.Buffers;
using TelemetryHub.Core.Feeds.Encodings.Cbor;

namespace TelemetryHub.Core.Tests.Feeds.Encodings.Cbor;

public class CborWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    // RFC 8949 appendix A.
    [Theory]
    [InlineData(0, "00")]
    [InlineData(10, "0a")]
    [InlineData(23, "17")]
    [InlineData(24, "1818")]
    [InlineData(100, "1864")]
    [InlineData(1000, "1903e8")]
    [InlineData(1000000, "1a000f4240")]
    [InlineData(1000000000000, "1b000000e8d4a51000")]
    [InlineData(long.MaxValue, "1b7fffffffffffffff")]
    [InlineData(-1, "20")]
    [InlineData(-10, "29")]
    [InlineData(-100, "3863")]
    [InlineData(-1000, "3903e7")]
    [InlineData(long.MinValue, "3b7fffffffffffffff")]
    public void A_whole_number_has_its_shortest_form(long number, string expected)
    {
        var writer = new CborWriter(_output);
        writer.WriteInteger(number);
        writer.Flush();
        Written.ShouldBe(expected);
    }

    [Theory]
    [InlineData(0.0, "f90000")]
    [InlineData(-0.0, "f98000")]
    [InlineData(1.0, "f93c00")]
    [InlineData(1.1, "fb3ff199999999999a")]
    [InlineData(1.5, "f93e00")]
    [InlineData(65504.0, "f97bff")]
    [InlineData(100000.0, "fa47c35000")]
    [InlineData(3.4028234663852886e+38, "fa7f7fffff")]
    [InlineData(1.0e+300, "fb7e37e43c8800759c")]
    [InlineData(5.960464477539063e-8, "f90001")]
    [InlineData(0.00006103515625, "f90400")]
    [InlineData(-4.0, "f9c400")]
    [InlineData(-4.1, "fbc010666666666666")]
    [InlineData(double.PositiveInfinity, "f97c00")]
    [InlineData(double.NaN, "f97e00")]
    [InlineData(double.NegativeInfinity, "f9fc00")]
    public void A_fraction_has_the_shortest_form_that_loses_nothing(double number, string expected)
    {
        var writer = new CborWriter(_output);
        writer.WriteFloat(number);
        writer.Flush();
        Written.ShouldBe(expected);
    }

    [Fact]
    public void Everything_else_is_as_the_specification_shows_it()
    {
        var writer = new CborWriter(_output);
        writer.WriteArray(3);
        writer.WriteMap(2);
        writer.WriteText("a"u8);
        writer.WriteBool(true);
        writer.WriteText("\u6c34");
        writer.WriteBool(false);
        writer.WriteNull();
        writer.WriteBytes([1, 2, 3, 4]);
        writer.Flush();
        Written.ShouldBe("83" + "a2" + "6161" + "f5" + "63e6b0b4" + "f4" + "f6" + "4401020304");
    }

    [Theory]
    [InlineData(23, "77")]
    [InlineData(24, "7818")]
    [InlineData(255, "78ff")]
    [InlineData(256, "790100")]
    [InlineData(65_536, "7a00010000")]
    public void A_length_has_its_shortest_form(int length, string expected)
    {
        var writer = new CborWriter(_output);
        writer.WriteText(new string('x', length));
        writer.Flush();
        Written.ShouldStartWith(expected + "7878");
        CborText.Of(_output.WrittenSpan).Length.ShouldBe(length + 2);
    }

    private string Written => Convert.ToHexStringLower(_output.WrittenSpan);
}
