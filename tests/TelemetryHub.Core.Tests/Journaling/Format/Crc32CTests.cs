using TelemetryHub.Core.Journaling.Format;

namespace TelemetryHub.Core.Tests.Journaling.Format;

public sealed class Crc32CTests
{
    [Fact]
    public void Without_a_seed_it_is_the_common_checksum()
    {
        // RFC 3720 appendix B.4
        Crc32C.Of("123456789"u8, 0).ShouldBe(0xE3069283u);
        Crc32C.Of(new byte[32], 0).ShouldBe(0x8A9136AAu);
        Crc32C.Of([.. Enumerable.Range(0, 32).Select(n => (byte)n)], 0).ShouldBe(0x46DD794Eu);
    }

    [Fact]
    public void In_pieces_it_is_the_same()
    {
        var bytes = JournalGenerators.RandomBytes(1000, 1);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var crc = Crc32C.Continue(bytes.AsSpan(cut), Crc32C.Continue(bytes.AsSpan(0, cut), ~77u));
            (~crc).ShouldBe(Crc32C.Of(bytes, 77));
        }
    }
}
