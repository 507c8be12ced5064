using System.Buffers;
using System.Text;
using TelemetryHub.Core.Feeds.Queries;
using TelemetryHub.Core.Tests.Feeds.Json;
using TelemetryHub.Mqtt.Tests;

namespace TelemetryHub.Core.Tests.Feeds.Queries;

public class QueryAllocationTests
{
    [Theory]
    [InlineData("temp > 30", "{\"temp\":31.5,\"hum\":40}")]
    [InlineData("temp > 30", "{\"temp\":3,\"hum\":40}")]
    [InlineData("temp > 30", "{\"temp\":123456789012345678901234567890.5e-17}")]
    [InlineData("temp > 30", "\u00ff garbage")]
    [InlineData("temp > 30", "{\"temp\":31.5,")]
    [InlineData("name = 'a\"b'", "{\"n\\u0061me\":\"a\\\"b\"}")]
    [InlineData("name in ('x', 'y') or pos.lat > 1 and not list[1].a = null", "{\"name\":\"\\u0078\",\"pos\":{\"lat\":1},\"list\":[1,{\"a\":2}]}")]
    public void Asking_a_condition_allocates_nothing(string text, string payload)
    {
        PayloadCondition.TryParse(text, out var condition, out _).ShouldBeTrue();
        var bytes = Encoding.UTF8.GetBytes(payload);
        AllocatedBytes.ByWarm(() => condition!.Matches(bytes)).ShouldBe(0);
    }

    [Fact]
    public void Asking_about_damaged_payloads_allocates_nothing()
    {
        PayloadCondition.TryParse("a.a or temp > 3 or not (long < 'y')", out var condition, out _).ShouldBeTrue();
        var random = new Random(1);
        var payloads = Enumerable.Range(0, 1_000).Select(_ => JsonSamples.Damaged(random)).ToArray();
        AllocatedBytes.ByWarm(() =>
        {
            foreach (var payload in payloads)
                condition!.Matches(payload);
        }).ShouldBe(0);
    }

    [Theory]
    [InlineData("{\"temp\":1,\"pos\":{\"lat\":\n2},\"list\":[1,2]}")]
    [InlineData("{\"temp\":1,\"pos\":{\"lat\":2")]
    [InlineData("[]")]
    [InlineData("garbage")]
    public void Writing_fields_allocates_nothing(string payload)
    {
        FieldSelection.TryParse("temp,pos.lat,list[0],t\u00e9", out var fields, out _).ShouldBeTrue();
        var bytes = Encoding.UTF8.GetBytes(payload);
        var output = new ArrayBufferWriter<byte>(1_024);
        AllocatedBytes.ByWarm(() =>
        {
            output.ResetWrittenCount();
            fields!.TryWrite(bytes, output);
        }).ShouldBe(0);
    }
}
