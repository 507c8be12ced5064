using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Tests.Journaling.Format;

namespace TelemetryHub.Core.Tests.Journaling.Reading;

public sealed class EventLookupTests
{
    [Fact]
    public void Single_events_are_found_by_their_sequences_and_those_that_are_missing_are_not()
    {
        var runs =
            from seed in Gen.Choose(0, int.MaxValue)
            from permille in Gen.Elements(5, 100, 900, 1000)
            select (seed, permille);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            var log = SampleLog.Random(run.seed);
            var random = new Random(run.seed);
            var there = log.Events.ToDictionary(e => e.Sequence);
            long[] wanted = [.. Wanted(log).Where(_ => random.Next(1000) < run.permille)];
            var into = new Event?[wanted.Length];
            var given = new Event?[wanted.Length];
            for (var i = 0; i < wanted.Length; i++)
                given[i] = into[i] = random.Next(10) == 0 ? there.GetValueOrDefault(wanted[i]) : null;
            new EventLookup(log.Segments, log.Topics).Fill(wanted, into);
            for (var i = 0; i < wanted.Length; i++)
            {
                if (given[i] is not null)
                    ReferenceEquals(into[i], given[i]).ShouldBeTrue();
                else if (there.TryGetValue(wanted[i], out var expected))
                    into[i].ShouldNotBeNull($"{wanted[i]}").ShouldBeSameAs(expected);
                else
                    into[i].ShouldBeNull();
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    private static IEnumerable<long> Wanted(SampleLog log)
    {
        for (var sequence = 1L; sequence < log.Next + 10; sequence++)
            yield return sequence;
    }
}
