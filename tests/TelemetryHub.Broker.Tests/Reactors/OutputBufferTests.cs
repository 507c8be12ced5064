using System.Buffers;
using TelemetryHub.Broker.Reactors;

namespace TelemetryHub.Broker.Tests.Reactors;

public class OutputBufferTests
{
    [Fact]
    public void What_is_larger_than_the_buffer_is_written_whole()
    {
        var buffer = new OutputBuffer(16);
        var bytes = Enumerable.Range(0, 100).Select(value => (byte)value).ToArray();
        buffer.Write(bytes.AsSpan(0, 10));
        buffer.Write(bytes.AsSpan(10)); // piece by piece, without saying how much is to come
        buffer.Written.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public void A_full_buffer_still_has_room()
    {
        var buffer = new OutputBuffer(16);
        buffer.Advance(16);
        buffer.GetSpan().IsEmpty.ShouldBeFalse();
        buffer.GetMemory().IsEmpty.ShouldBeFalse();
    }
}
