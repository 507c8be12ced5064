using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Journaling.Reading;

/// <summary>Thousands of readers come at once after a failure of the network, each for some events of a moment ago.</summary>
public sealed class ReaderCostTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("t/+")]
    [InlineData("t/7")]
    public async Task A_reader_that_comes_and_goes_costs_its_events_and_no_buffer(string? filter)
    {
        await using var test = new TestJournal { Settings = new() { SegmentBytes = 4 << 20 } };
        test.Open();
        var last = 0L;
        for (var i = 0; i < 10_000; i++)
            last = test.Append($"t/{i % 100}", new string('x', 100));
        await test.KeptAsync(last);
        var only = filter is null ? (TopicFilter?)null : TopicFilter.Parse(filter);
        var into = new Event[4];

        Mqtt.Tests.AllocatedBytes.ByWarm(() =>
        {
            using var reader = test.Journal.OpenReader(JournalStart.At(1_000), only);
            reader.Read(into, out _).ShouldBe(4);
        }).ShouldBeLessThan(250_000, "fifty readers: less than one buffer");
    }
}
