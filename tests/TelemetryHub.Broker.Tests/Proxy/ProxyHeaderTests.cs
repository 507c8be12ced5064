using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Broker.Proxy;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Broker.Tests.Proxy;

public class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";

    public static TheoryData<string, string?> TextHeaders => new()
    {
        // The specification's own lines (§2.1): typical, shortest and longest.
        { "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n", "192.168.0.1:56324" },
        { "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535" },
        {
            "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
            "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"
        },
        { "PROXY UNKNOWN\r\n", null },
        { "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", null },
        { "PROXY TCP6 2001:db8::1 ::1 0 1883\r\n", "[2001:db8::1]:0" },
    };

    public static TheoryData<string, string?> BinaryHeaders => new()
    {
        { Signature + "2111000C" + "C0000201C00002020DDC075B", "192.0.2.1:3548" },
        { Signature + "2112000C" + "C0000201C00002020DDC075B", "192.0.2.1:3548" },
        { Signature + "21210024" + "20010DB8000000000000000000000001" + "20010DB8000000000000000000000002" + "D431075B", "[2001:db8::1]:54321" },
        { Signature + "21110013" + "C0000201C00002020DDC075B" + "04000461626364", "192.0.2.1:3548" },
        { Signature + "20000000", null },
        { Signature + "20FF0003AABBCC", null },
        { Signature + "21000000", null },
        { Signature + "213100D8" + new string('0', 432), null },
    };

    public static TheoryData<string> WrongTextHeaders => new(
        "GET / HTTP/1.1\r\n",
        "PROXY  TCP4 192.168.0.1 192.168.0.11 56324 443\r\n",
        "proxy TCP4 192.168.0.1 192.168.0.11 56324 443\r\n",
        "PROXY TCP5 192.168.0.1 192.168.0.11 56324 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\n\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\rX",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443 \r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 65536 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 +1 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 056324 443\r\n",
        "PROXY TCP4 192.168.0.1 nowhere 56324 443\r\n",
        "PROXY TCP4 192.168.1 192.168.0.11 56324 443\r\n",
        "PROXY TCP4 0300.168.0.1 192.168.0.11 56324 443\r\n",
        "PROXY TCP4 ::1 ::1 56324 443\r\n",
        "PROXY TCP6 [::1] ::1 56324 443\r\n",
        "PROXY TCP6 ::1%1 ::1 56324 443\r\n",
        "PROXY TCP6 192.168.0.1 192.168.0.11 56324 443\r\n",
        "PROXY \r\n",
        "PROXY UNKNOWN " + new string('x', 200) + "\r\n");

    public static TheoryData<string> WrongBinaryHeaders => new(
        "0D0A0D0A000D0A515549540B",
        Signature + "11",
        Signature + "22",
        Signature + "2111000B" + "C0000201C00002020DDC07",
        Signature + "21130000",
        Signature + "21410000",
        Signature + "21111001",
        Signature + "20001001",
        Signature + "21310000");

    [Theory]
    [MemberData(nameof(TextHeaders))]
    public void A_text_header_names_the_source_and_is_read_at_no_cut_before_its_end(string text, string? source)
        => EveryCut(Encoding.ASCII.GetBytes(text), source);

    [Theory]
    [MemberData(nameof(BinaryHeaders))]
    public void A_binary_header_names_the_source_and_is_read_at_no_cut_before_its_end(string hex, string? source)
        => EveryCut(Convert.FromHexString(hex), source);

    [Theory]
    [MemberData(nameof(WrongTextHeaders))]
    public void A_wrong_text_header_is_refused(string text)
        => ProxyHeader.TryRead(Encoding.ASCII.GetBytes(text), out _).ShouldBe(ReadStatus.Malformed);

    [Theory]
    [MemberData(nameof(WrongBinaryHeaders))]
    public void A_wrong_binary_header_is_refused_without_waiting_for_its_end(string hex)
        => ProxyHeader.TryRead(Convert.FromHexString(hex), out _).ShouldBe(ReadStatus.Malformed);

    [Fact]
    public void A_text_line_that_does_not_end_is_refused_at_its_longest()
    {
        byte[] line = Encoding.ASCII.GetBytes("PROXY UNKNOWN " + new string('x', 93));
        line.Length.ShouldBe(107);
        ProxyHeader.TryRead(line.AsSpan(..106), out _).ShouldBe(ReadStatus.NeedMore);
        ProxyHeader.TryRead(line, out _).ShouldBe(ReadStatus.Malformed);
    }

    [Fact]
    public void The_first_bytes_of_an_mqtt_connection_are_refused_at_once()
        => ProxyHeader.TryRead([0x10], out _).ShouldBe(ReadStatus.Malformed);

    [Fact]
    public void No_bytes_break_the_reader()
    {
        byte[][] seeds =
        [
            .. TextHeaders.Select(row => Encoding.ASCII.GetBytes(row.Data.Item1)),
            .. BinaryHeaders.Select(row => Convert.FromHexString(row.Data.Item1)),
        ];
        Gen<byte[]> mutated =
            from seed in Gen.Elements(seeds)
            from at in Gen.Choose(0, seed.Length - 1)
            from value in Gen.Choose(0, 255)
            from length in Gen.Choose(0, seed.Length)
            select Mutate(seed, at, (byte)value, length);
        Prop.ForAll(mutated.ToArbitrary(), bytes =>
        {
            ReadStatus status = ProxyHeader.TryRead(bytes, out ProxyHeader header);
            return status == ReadStatus.Complete ? header.Length > 0 && header.Length <= bytes.Length : header.Length == 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    private static byte[] Mutate(byte[] seed, int at, byte value, int length)
    {
        byte[] copy = [.. seed];
        copy[at] = value;
        return copy[..length];
    }

    private static void EveryCut(byte[] bytes, string? source)
    {
        for (int length = 0; length < bytes.Length; length++)
            ProxyHeader.TryRead(bytes.AsSpan(0, length), out _).ShouldBe(ReadStatus.NeedMore, $"after {length} bytes");

        byte[] withPayload = [.. bytes, 0x10, 0x0C];
        ProxyHeader.TryRead(withPayload, out ProxyHeader header).ShouldBe(ReadStatus.Complete);
        header.Length.ShouldBe(bytes.Length);
        (header.Source?.ToString()).ShouldBe(source);
        (header.Source is null).ShouldBe(source is null);
    }
}
