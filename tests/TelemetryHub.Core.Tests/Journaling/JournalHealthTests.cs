using System.Diagnostics.Metrics;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Routing;

namespace TelemetryHub.Core.Tests.Journaling;

public sealed class JournalHealthTests
{
    [Fact]
    public void A_disk_that_does_not_answer_is_a_problem_until_it_does()
    {
        var clock = new StandingClock();
        var health = new JournalHealth(TimeSpan.FromSeconds(1), clock);
        health.BeginDisk();
        health.Problem.ShouldBeNull();

        clock.UnixMilliseconds += 3_000;
        health.Problem.ShouldBe("the disk has not answered for 3 s");

        health.EndDisk();
        health.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task What_waits_to_be_written_is_measured()
    {
        const int Events = 1_237;
        await using var test = TestJournal.OnSimulatedDisk().Open();
        var hold = test.Simulated.HoldSyncs();
        await test.StallAsync(hold);
        for (var i = 0; i < Events; i++)
            test.Append("t");
        test.Journal.AppendState(StatePart.Sessions, new byte[100]);

        Measure("hub.journal.pending.events").ShouldContain(Events);
        Measure("hub.journal.pending").ShouldContain(bytes => bytes > Events * 100 && bytes < Events * 300);
        hold.Release();
        await test.KeptAsync(test.Append("t"));
    }

    // Of all journals that are open now.
    private static List<long> Measure(string name)
    {
        List<long> values = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == name)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => values.Add(value));
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }
}
