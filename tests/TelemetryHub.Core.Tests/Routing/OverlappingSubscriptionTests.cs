using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Tests.Topics;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Routing;

public class OverlappingSubscriptionTests
{
    private static readonly Gen<QoS> AnyQoS = Gen.Elements(QoS.AtMostOnce, QoS.AtLeastOnce, QoS.ExactlyOnce);

    private static readonly Gen<Wish> AnyWish =
        from client in Gen.Choose(0, 2)
        from filter in TopicGenerators.Filter.Where(filter => !filter.StartsWith("$share/", StringComparison.Ordinal))
        from qos in AnyQoS
        from id in Gen.Choose(0, 3)
        from noLocal in Gen.Elements(true, false)
        from retainAsPublished in Gen.Elements(true, false)
        from leaves in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Wish(client, filter, qos, (uint)id, noLocal, retainAsPublished, leaves);

    private static readonly Gen<Publication> AnyPublication =
        from topic in TopicGenerators.Topic
        from publisher in Gen.Choose(0, 3)
        from qos in AnyQoS
        from retain in Gen.Elements(true, false)
        select new Publication(topic, publisher, qos, retain);

    [Fact]
    public void One_copy_with_the_highest_qos_and_all_identifiers_goes_to_each_client()
    {
        var hub = new RouterUnderTest();
        var client = new RecordingSubscriber("client");
        hub.Subscribe(client, "a/#", QoS.AtMostOnce, id: 7);
        hub.Subscribe(client, "a/b", QoS.ExactlyOnce, id: 7);
        hub.Subscribe(client, "+/b", QoS.AtLeastOnce, id: 3);
        hub.Subscribe(client, "#", QoS.AtLeastOnce);
        hub.Publish("a/b", qos: QoS.ExactlyOnce);
        // MQTT 5 §3.3.4: an identifier used twice is there twice.
        client.TakeTexts().ShouldBe(["a/b=x q2 ids 3,7,7"]);
    }

    [Fact]
    public void A_client_gets_what_a_list_of_its_subscriptions_would_say() =>
        Prop.ForAll(AnyWish.ListOf().ToArbitrary(), AnyPublication.ArrayOf(15).ToArbitrary(), Compare)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(25));

    private static void Compare(IEnumerable<Wish> wishes, Publication[] publications)
    {
        var hub = new RouterUnderTest();
        RecordingSubscriber[] clients = [new("c0"), new("c1"), new("c2")];
        var current = new Dictionary<(int, string), (Wish Wish, Subscription Subscription)>();
        var turn = 0;
        foreach (var wish in wishes)
        {
            Apply(hub, clients, current, wish);
            // Between the changes, so that cached matches are there to go wrong.
            Check(hub, clients, [.. current.Values.Select(entry => entry.Wish)], publications[turn++ % publications.Length]);
        }
        foreach (var publication in publications)
            Check(hub, clients, [.. current.Values.Select(entry => entry.Wish)], publication);
        hub.Router.SubscriptionCount.ShouldBe(current.Count);
    }

    private static void Apply(
        RouterUnderTest hub,
        RecordingSubscriber[] clients,
        Dictionary<(int, string), (Wish Wish, Subscription Subscription)> current,
        Wish wish)
    {
        var key = (wish.Client, wish.Filter);
        var old = current.TryGetValue(key, out var entry) ? entry.Subscription : null;
        if (wish.Leaves)
        {
            hub.Router.Unsubscribe(old is null ? [] : [old]);
            current.Remove(key);
            return;
        }
        var subscription = new Subscription
        {
            Target = clients[wish.Client],
            Filter = TopicFilter.Parse(wish.Filter),
            MaxQoS = wish.QoS,
            Identifier = wish.Id,
            NoLocal = wish.NoLocal,
            RetainAsPublished = wish.RetainAsPublished,
            RetainHandling = RetainHandling.Never,
        };
        hub.Router.Subscribe(subscription, old);
        current[key] = (wish, subscription);
    }

    private static void Check(RouterUnderTest hub, RecordingSubscriber[] clients, Wish[] wishes, Publication publication)
    {
        hub.Publish(publication.Topic, qos: publication.QoS, retain: publication.Retain, publisher: $"c{publication.Publisher}");
        for (var client = 0; client < clients.Length; client++)
        {
            var matching = wishes.Where(wish => wish.Client == client && wish.Wants(publication)).ToList();
            var taken = clients[client].Take();
            taken.Length.ShouldBe(matching.Count > 0 ? 1 : 0);
            if (taken is not [var delivery])
                continue;
            var highest = matching.Max(wish => wish.QoS);
            delivery.QoS.ShouldBe(highest < publication.QoS ? highest : publication.QoS);
            delivery.Retain.ShouldBe(publication.Retain && matching.Any(wish => wish.RetainAsPublished));
            delivery.Route.Identifiers.Order().ShouldBe(matching.Select(wish => wish.Id).Where(id => id != 0).Order());
        }
    }

    private sealed record Wish(int Client, string Filter, QoS QoS, uint Id, bool NoLocal, bool RetainAsPublished, bool Leaves)
    {
        public bool Wants(Publication publication) =>
            TopicFilter.Parse(Filter).Matches(TopicName.Parse(publication.Topic)) && !(NoLocal && publication.Publisher == Client);
    }

    private sealed record Publication(string Topic, int Publisher, QoS QoS, bool Retain);
}
