using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Tests.Events;
using TelemetryHub.Core.Tests.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling;

public sealed class SegmentRollTests : IDisposable
{
    private readonly SimulatedDisk _disk = new();
    private readonly SampleEvents _events = new();
    private readonly SegmentRoll _roll;

    public SegmentRollTests()
    {
        _disk.CreateDirectory("/journal");
        var settings = new JournalSettings { SegmentBytes = 1 << 20 };
        _roll = new SegmentRoll(_disk, "/journal", new SegmentList([]), settings, TimeProvider.System, new LogStart(1, 1, 1, SkipReason.None));
    }

    public void Dispose() => _roll.Dispose();

    [Fact]
    public void A_segment_that_cannot_be_sealed_is_closed_and_the_next_one_counts_from_what_it_holds()
    {
        var full = _roll.Open(1, routedUpTo: 1);
        Fill(full, 1, 2, 3);
        _disk.FailsSyncs = true;
        Should.Throw<IOException>(() => _roll.Next(full, 4, routedUpTo: 1));
        _disk.OpenFiles.ShouldBeEmpty();

        _disk.FailsSyncs = false;
        _roll.Open(9, routedUpTo: 1).Directory.Header.ShouldSatisfyAllConditions(
            header => header.PreviousNext.ShouldBe(4),
            header => header.FirstSequence.ShouldBe(9),
            header => header.Skip.ShouldBe(SkipReason.Lost));
    }

    private void Fill(SegmentWriter segment, params long[] sequences)
    {
        segment.Begin(time: 0, routedUpTo: 1);
        foreach (var sequence in sequences)
        {
            var @event = _events.Of("t");
            @event.Sequence = sequence;
            segment.Add(@event);
        }
        segment.Write();
    }
}
