using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Broker.Sessions;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Sessions;

public class InflightWindowTests
{
    private static readonly Route Somewhere = new() { Target = null!, MaxQoS = QoS.ExactlyOnce };

    [Fact]
    public void Two_deliveries_never_have_the_same_packet_id()
    {
        var window = new InflightWindow();
        window.Add(At(10));
        window.Add(At(11));
        window.CanAdd(10 + 65_534).ShouldBeTrue();
        window.CanAdd(10 + 65_535).ShouldBeFalse();
        window.Add(At(10 + 65_534));
        window.TryFind(11, out var ordinal).ShouldBeTrue();
        ordinal.ShouldBe(10);
        window.TryFind(10, out ordinal).ShouldBeTrue();
        ordinal.ShouldBe(10 + 65_534);
        window.Remove(10);
        window.CanAdd(10 + 65_535).ShouldBeTrue();
        window.CanAdd(11 + 65_535).ShouldBeFalse();
    }

    [Fact]
    public void Nothing_is_found_under_an_id_that_is_not_in_use()
    {
        var window = new InflightWindow();
        window.TryFind(1, out _).ShouldBeFalse();
        window.Add(At(0));
        window.Add(At(2));
        window.TryFind(0, out _).ShouldBeFalse();
        window.TryFind(2, out _).ShouldBeFalse();
        window.TryFind(4, out _).ShouldBeFalse();
        window.TryFind(3, out _).ShouldBeTrue();
        window.Remove(0);
        window.TryFind(1, out _).ShouldBeFalse();
    }

    [Fact]
    public void It_finds_what_a_dictionary_finds_whatever_the_order_of_sending_and_acknowledging()
    {
        var steps = Gen.Choose(-40, 40).NonEmptyListOf().Select(list => list.ToArray());
        Prop.ForAll(steps.ToArbitrary(), HoldsSameAsDictionary).QuickCheckThrowOnFailure();
    }

    // A positive step sends (leaving out some ordinals), a negative one acknowledges some entry.
    private static bool HoldsSameAsDictionary(int[] steps)
    {
        var window = new InflightWindow();
        var model = new SortedDictionary<long, ushort>();
        long next = 65_500;
        foreach (var step in steps)
        {
            if (step >= 0)
            {
                next += step / 8;
                window.Add(At(next));
                model.Add(next, (ushort)((next % 65_535) + 1));
                next++;
            }
            else if (model.Count > 0)
            {
                var (ordinal, id) = model.ElementAt(-step % model.Count);
                if (!window.TryFind(id, out var found) || found != ordinal)
                    return false;
                window.Remove(ordinal);
                model.Remove(ordinal);
            }
            if (window.Count != model.Count || !window.InOrder().Select(entry => entry.Ordinal).SequenceEqual(model.Keys))
                return false;
        }
        window.BeginAgain();
        List<long> again = [];
        while (window.AgainCount > 0)
        {
            again.Add(window.PeekAgain().Ordinal);
            window.PassAgain();
        }
        return again.SequenceEqual(model.Keys);
    }

    private static Queued At(long ordinal) => new(null, Somewhere, sequence: 1, ordinal, isReplay: false);
}
