using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Broker.Recovery;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Tests.Recovery;

public class RecordRoundTripTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(300);
    private static readonly Gen<uint> AnyNumber = Gen.Elements(1u, 2u, 127u, 128u, 16_384u, 70_000u, uint.MaxValue);
    private static readonly Gen<long> AnyOrdinal = Gen.Elements(0L, 1, 127, 128, 65_535, 1L << 32, 1L << 48, long.MaxValue - 1);
    private static readonly Gen<string> AnyText = Gen.Elements("", "a", "sensor/7", "çé€😀", new string('x', 3000));
    private static readonly Gen<byte[]> AnyBytes = from size in Gen.Elements(0, 1, 200, 70_000) from fill in Gen.Choose(0, 255) select Filled(size, fill);
    private static readonly Gen<bool> AnyBool = Gen.Elements(true, false);

    private static readonly Gen<Will> AnyWill =
        from payload in AnyBytes
        from properties in AnyBytes.Or(null)
        from qos in Gen.Choose(0, 2)
        from retain in AnyBool
        from delay in Gen.Elements(0u, uint.MaxValue)
        from expiry in Gen.Elements<uint?>(null, 0, uint.MaxValue)
        select new Will
        {
            Topic = new TopicTable(1 << 20).Get("a/ç"u8),
            Payload = payload,
            Publisher = new("a", null),
            Properties = properties,
            QoS = (QoS)qos,
            Retain = retain,
            DelaySeconds = delay,
            ExpirySeconds = expiry,
        };

    [Fact]
    public void What_is_recorded_of_an_opened_session_is_read() => Check(
        from number in AnyNumber
        from client in AnyText
        from user in AnyText.Or(null)
        from expiry in AnyNumber
        from isNew in AnyBool
        from will in AnyWill.Or(null)
        select (number, client, user, expiry, isNew, will),
        (journal, it) => journal.Opened(it.number, new(it.client, it.user), it.expiry, 65_535, it.isNew, it.will),
        (ref RecordReader reader, (uint number, string client, string? user, uint expiry, bool isNew, Will? will) it) =>
        {
            var read = OpenedRecord.Read(ref reader);
            (read with { Will = null }).ShouldBe(new OpenedRecord(it.number, it.client, it.user, it.expiry, 65_535, it.isNew, null));
            NaiveSessions.Describe(read.Will).ShouldBe(NaiveSessions.Describe(it.will is null ? null : WillImage.Of(it.will)));
        });

    [Fact]
    public void What_is_recorded_of_a_closed_session_is_read() => Check(
        from number in AnyNumber
        from at in AnyOrdinal
        from expiry in AnyNumber
        from keepsWill in AnyBool
        from sent in AnyOrdinal
        select new ClosedRecord(number, at, expiry, keepsWill, sent),
        (journal, record) => journal.Closed(record),
        (ref RecordReader reader, ClosedRecord record) => ClosedRecord.Read(ref reader).ShouldBe(record));

    [Fact]
    public void What_is_recorded_of_a_subscription_is_read() => Check(
        from filter in Gen.Elements("a", "+/#", "$share/g/a/+", new string('x', 2000))
        from flags in Gen.Choose(0, 3)
        from qos in Gen.Choose(0, 2)
        from handling in Gen.Choose(0, 2)
        from identifier in Gen.Elements(0u, 1u, 268_435_455u)
        select new SubscriptionImage(TopicFilter.Parse(filter), (QoS)qos, (flags & 1) != 0, (flags & 2) != 0, (RetainHandling)handling, identifier),
        (journal, image) => journal.Subscribed(1, image.ToSubscription(SampleRoutes.All[0].Target)),
        (ref RecordReader reader, SubscriptionImage image) =>
        {
            reader.SessionNumber().ShouldBe(1u);
            reader.Number().ShouldBe(1); // how far the log says that the router is
            SubscriptionImage.Read(ref reader).ShouldBe(image);
            reader.End();
        });

    [Fact]
    public void What_is_recorded_of_a_delivery_is_read() => Check(
        from number in AnyNumber
        from ordinal in AnyOrdinal
        from sequence in AnyOrdinal
        from route in Gen.Elements(SampleRoutes.All)
        select (number, ordinal, sequence, route),
        (journal, it) => journal.Delivered(it.number, it.ordinal, it.sequence, it.route),
        (ref RecordReader reader, (uint number, long ordinal, long sequence, Route route) it) =>
        {
            var read = DeliveredRecord.Read(ref reader);
            (read.Number, read.Ordinal, read.Sequence).ShouldBe((it.number, it.ordinal, it.sequence));
            NaiveSessions.Describe(RouteImage.Read(read.Route)).ShouldBe(NaiveSessions.Describe(it.route, isReplay: false));
            read.Copy.Length.ShouldBe(0);
        });

    [Fact]
    public void What_is_recorded_of_a_replay_is_the_whole_event() => Check(
        from route in Gen.Elements(SampleRoutes.All)
        from payload in AnyBytes
        from user in AnyText.Or(null)
        select (route, @event: new Event
        {
            Topic = new TopicTable(1 << 20).Get("a"u8),
            Payload = payload,
            Publisher = new("p", user),
            Time = 7,
            ExpiresAt = 8,
            QoS = QoS.ExactlyOnce,
            Retain = true,
        }),
        (journal, it) => journal.Replayed(1, 2, it.@event, it.route),
        (ref RecordReader reader, (Route route, Event @event) it) =>
        {
            var read = DeliveredRecord.Read(ref reader);
            NaiveSessions.Describe(RouteImage.Read(read.Route)).ShouldBe(NaiveSessions.Describe(it.route, isReplay: true));
            var copy = EventCopy.Read(read.Copy, new TopicTable(1 << 20));
            copy.Payload.ShouldBe(it.@event.Payload);
            (copy.Topic.Name, copy.Publisher, copy.Time, copy.ExpiresAt, copy.QoS, copy.Retain, copy.Sequence)
                .ShouldBe((it.@event.Topic.Name, it.@event.Publisher, 7, 8, QoS.ExactlyOnce, true, 0));
        });

    [Fact]
    public void What_is_recorded_by_numbers_alone_is_read() => Check(
        from number in AnyNumber
        from ordinal in AnyOrdinal
        from kind in Gen.Choose(0, 3)
        select (number, ordinal, kind),
        (journal, it) => _ = it.kind switch
        {
            0 => journal.Settled(it.number, it.ordinal),
            1 => journal.Released(it.number, it.ordinal),
            2 => journal.WillGone(it.number),
            _ => journal.Ended(it.number),
        },
        (ref RecordReader reader, (uint number, long ordinal, int kind) it) =>
        {
            reader.SessionNumber().ShouldBe(it.number);
            if (it.kind < 2)
                reader.Ordinal().ShouldBe(it.ordinal);
            reader.End();
        });

    private static void Check<T>(Gen<T> values, Action<SessionJournal, T> write, Read<T> read) => Prop.ForAll(values.ToArbitrary(), value =>
    {
        var log = new KeepingLog(eventsInMemory: 1024);
        write(new SessionJournal(log), value);
        var record = log.Records().ShouldHaveSingleItem();
        var reader = new RecordReader(record);
        reader.Byte();
        read(ref reader, value);
        new SessionsImage().Apply(record);
    }).Check(Thorough);

    private static byte[] Filled(int size, int with)
    {
        var bytes = new byte[size];
        bytes.AsSpan().Fill((byte)with);
        return bytes;
    }

    private delegate void Read<T>(ref RecordReader reader, T expected);
}
