using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Events;

namespace TelemetryHub.Core.Tests.Log;

public sealed class TailTests : LogContract
{
    private readonly SampleEvents _samples = new();

    [Theory]
    [InlineData(0)]
    [InlineData(-8)]
    [InlineData(12)]
    public void A_count_that_is_no_power_of_two_is_refused(int maxEvents) =>
        Should.Throw<ArgumentException>(() => new Tail(new TailOptions { MaxEvents = maxEvents }));

    [Fact]
    public void What_is_in_the_ring_is_kept()
    {
        var tail = new Tail(new TailOptions());
        tail.TryAppend(_samples.Of("t"), out var ticket);
        tail.State(ticket).ShouldBe(KeptState.Kept);
        tail.WaitUntilKept(ticket, new RecordingWaiter()).ShouldBeFalse();
    }

    [Fact]
    public void As_many_events_as_the_bound_says_stay_readable_after_they_were_routed()
    {
        var tail = new Tail(new TailOptions { MaxEvents = 8 });
        for (var i = 0; i < 20; i++)
            AppendRouted(tail, _samples.Of("t", $"{i}"));
        (tail.Oldest, tail.Next).ShouldBe((13, 21));
        Read(tail, 13).Select(@event => @event.Sequence).ShouldBe(Enumerable.Range(13, 8).Select(i => (long)i));
        Read(tail, 12).ShouldBeEmpty();
    }

    [Fact]
    public void As_many_bytes_as_the_bound_says_stay_readable_after_they_were_routed()
    {
        var tail = new Tail(new TailOptions { MaxEvents = 1024, MaxBytes = 10_000 });
        for (var i = 0; i < 50; i++)
            AppendRouted(tail, _samples.OfSize(1_000));
        (tail.Oldest, tail.Next).ShouldBe((41, 51));

        AppendRouted(tail, _samples.OfSize(9_500));
        (tail.Oldest, tail.Next).ShouldBe((51, 52));
    }

    [Fact]
    public void It_takes_the_whole_bound_before_it_is_full()
    {
        var tail = new Tail(new TailOptions { MaxEvents = 8 });
        for (var i = 0; i < 8; i++)
            tail.TryAppend(_samples.Of("t"), out _).ShouldBe(AppendResult.Appended);
        tail.TryAppend(_samples.Of("t"), out _).ShouldBe(AppendResult.Full);
        tail.Routed(2);
        tail.TryAppend(_samples.Of("t"), out _).ShouldBe(AppendResult.Appended);
        tail.TryAppend(_samples.Of("t"), out _).ShouldBe(AppendResult.Full);
    }

    [Fact]
    public void A_refused_append_leaves_no_trace()
    {
        var tail = new Tail(new TailOptions { MaxEvents = 1 });
        tail.TryAppend(_samples.Of("t"), out _);
        var refused = _samples.Of("t");
        tail.TryAppend(refused, out _).ShouldBe(AppendResult.Full);
        refused.Sequence.ShouldBe(0);
        tail.Next.ShouldBe(2);
    }

    [Fact]
    public void Appending_and_reading_allocate_nothing()
    {
        var tail = new Tail(new TailOptions { MaxEvents = 8 });
        var @event = _samples.Of("t");
        var into = new Event[4];
        Mqtt.Tests.AllocatedBytes.ByWarm(() =>
        {
            tail.TryAppend(@event, out _);
            tail.Read(tail.Next - 1, into);
            tail.Routed(tail.Next);
        }).ShouldBe(0);
    }

    [Fact]
    public void It_does_what_a_list_with_bounds_would_do()
    {
        var step = from kind in Gen.Elements("append", "append", "append", "route", "read")
                   from size in Gen.Frequency((8, Gen.Choose(150, 400)), (1, Gen.Choose(1_900, 2_600)))
                   from near in Gen.Choose(-2, 12)
                   select (kind, size, near);
        Prop.ForAll(step.ListOf().ToArbitrary(), steps =>
        {
            var bounds = new TailOptions { MaxEvents = 8, MaxBytes = 2_000 };
            var (tail, model) = (new Tail(bounds), new NaiveTail(bounds));
            foreach (var (kind, size, near) in steps)
            {
                var @event = _samples.OfSize(size);
                if (kind == "append")
                    tail.TryAppend(@event, out _).ShouldBe(model.Append(@event));
                else if (kind == "route")
                    tail.Routed(model.Route(near));
                else
                    Read(tail, model.Oldest + near, 5).ShouldBe(model.Read(model.Oldest + near, 5));
                (tail.Oldest, tail.Next).ShouldBe((model.Oldest, model.Next));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(120));
    }

    protected override ValueTask<ILog> OpenAsync(TailOptions bounds) => new(new Tail(bounds));

    private static void AppendRouted(Tail tail, Event @event)
    {
        tail.TryAppend(@event, out _).ShouldBe(AppendResult.Appended);
        tail.Routed(tail.Next);
    }
}
