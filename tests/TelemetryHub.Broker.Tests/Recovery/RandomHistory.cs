using System.Buffers;
using TelemetryHub.Broker.Recovery;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Tests.Recovery;

/// <summary>
/// What a broker with a few restless clients records, and what must come of it: every step goes into the log and into the naive sessions.
/// </summary>
internal sealed class RandomHistory
{
    private static readonly string[] Clients = ["a", "b", "ç"];
    private static readonly string[] Filters = ["a", "a/+", "#", "$share/g/a"];

    private readonly Random _random;
    private readonly TopicTable _topics = new(1 << 20);
    private readonly NaiveSessions _expected = new();
    private readonly SessionJournal _journal;
    private long _sequence = 1;

    public RandomHistory(int seed, int steps)
    {
        _random = new Random(seed);
        _journal = new SessionJournal(Log);
        Expected.Add(_expected.Describe());
        while (Log.AppendCount < steps)
        {
            var before = Log.AppendCount;
            Step();
            (Log.AppendCount - before).ShouldBeLessThanOrEqualTo(1);
            if (Log.AppendCount > before)
                Expected.Add(_expected.Describe());
        }
    }

    public KeepingLog Log { get; } = new(eventsInMemory: 1024);

    /// <summary>What must be after so many entries of the log.</summary>
    public List<string> Expected { get; } = [];

    private void Step()
    {
        var session = _expected.All.Count == 0 ? null : _expected.All[_random.Next(_expected.All.Count)];
        var kind = _random.Next(40);
        if (session is null || kind < 3)
            Open();
        else if (kind < 5)
            Close(session);
        else if (kind < 8)
            EndOrForgetWill(session, isEnd: kind == 5);
        else if (kind < 11)
            Subscribe(session);
        else if (kind < 13)
            Receive(session);
        else if (kind < 25)
            Deliver(session, isReplay: kind == 13);
        else
            Settle(session);
    }

    private void Open()
    {
        var client = Pick(Clients);
        var session = _expected.All.Find(one => one.ClientId == client);
        var isNew = session is null || _random.Next(3) == 0;
        if (isNew)
        {
            _expected.All.RemoveAll(one => one.ClientId == client);
            _expected.All.Add(session = new NaiveSession { Number = _expected.NextNumber++, ClientId = client });
        }
        var will = _random.Next(2) == 0 ? null : NewWill(client);
        session!.User = _random.Next(2) == 0 ? null : "user";
        (session.ExpirySeconds, session.Window, session.ClosedAt) = ((uint)_random.Next(1000), _random.Next(1, 4), null);
        session.Will = NaiveSessions.Describe(will is null ? null : WillImage.Of(will));
        _journal.Opened(session.Number, new Principal(client, session.User), session.ExpirySeconds, session.Window, isNew, will);
    }

    private void Close(NaiveSession session)
    {
        var keepsWill = _random.Next(2) == 0;
        var sent = _random.NextInt64(session.SentUpTo, session.NextOrdinal + 1);
        (session.ClosedAt, session.ExpirySeconds, session.SentUpTo) = (_random.NextInt64(1L << 50), (uint)_random.Next(1000), sent);
        session.Will = keepsWill ? session.Will : "none";
        _journal.Closed(new ClosedRecord(session.Number, session.ClosedAt.Value, session.ExpirySeconds, keepsWill, sent));
    }

    private void EndOrForgetWill(NaiveSession session, bool isEnd)
    {
        if (isEnd)
        {
            _expected.All.Remove(session);
            _journal.Ended(session.Number);
            return;
        }
        session.Will = "none";
        _journal.WillGone(session.Number);
    }

    private void Subscribe(NaiveSession session)
    {
        var subscription = new Subscription
        {
            Target = SampleRoutes.All[0].Target,
            Filter = TopicFilter.Parse(Pick(Filters)),
            MaxQoS = (QoS)_random.Next(3),
            NoLocal = _random.Next(2) == 0,
            RetainAsPublished = _random.Next(2) == 0,
            RetainHandling = (RetainHandling)_random.Next(3),
            Identifier = (uint)_random.Next(1000),
        };
        var filter = subscription.Filter.ToString();
        if (_random.Next(2) == 0)
        {
            session.Subscriptions.Remove(filter);
            _journal.Unsubscribed(session.Number, subscription.Filter);
            return;
        }
        _expected.Advance(Log.RoutedUpTo);
        session.Subscriptions[filter] = SubscriptionImage.Of(subscription).ToString();
        _journal.Subscribed(session.Number, subscription);
    }

    private void Receive(NaiveSession session)
    {
        var packetId = (ushort)_random.Next(1, 4);
        if (session.Received.Remove(packetId))
        {
            _journal.PublishReleased(session.Number, packetId);
            return;
        }
        session.Received.Add(packetId);
        Log.TryAppend(NewEvent(session.Number, packetId), out _).ShouldBe(AppendResult.Appended);
    }

    private void Deliver(NaiveSession session, bool isReplay)
    {
        var route = Pick(SampleRoutes.All);
        var (ordinal, sequence) = (session.NextOrdinal++, _sequence += _random.Next(2));
        string? copy = null;
        if (isReplay)
        {
            var @event = NewEvent(session: 0, packetId: 0);
            var bytes = new ArrayBufferWriter<byte>();
            EventCopy.Write(@event, bytes);
            (copy, sequence) = (Convert.ToHexString(bytes.WrittenSpan), @event.Sequence);
            _journal.Replayed(session.Number, ordinal, @event, route);
        }
        else
        {
            _journal.Delivered(session.Number, ordinal, sequence, route);
            _expected.Advance(sequence);
            if (route.Group is { } group)
                _expected.Groups.Add(group.Filter.ToString());
            else
                session.LastSequence = sequence;
        }
        session.Deliveries.Add(new NaiveDelivery(ordinal, sequence, NaiveSessions.Describe(route, isReplay), copy));
    }

    // Mostly the oldest, and now and then one that is over already.
    private void Settle(NaiveSession session)
    {
        if (session.NextOrdinal == 0)
            return;
        var isFront = session.Deliveries.Count > 0 && _random.Next(4) > 0;
        var ordinal = isFront ? session.Deliveries[0].Ordinal : _random.NextInt64(session.NextOrdinal);
        if (_random.Next(4) > 0)
        {
            session.Deliveries.RemoveAll(one => one.Ordinal == ordinal);
            _journal.Settled(session.Number, ordinal);
            return;
        }
        if (session.Deliveries.Find(one => one.Ordinal == ordinal) is { } delivery)
            delivery.IsReleased = true;
        session.SentUpTo = Math.Max(session.SentUpTo, ordinal + 1);
        _journal.Released(session.Number, ordinal);
    }

    private Will NewWill(string client) => new()
    {
        Topic = _topics.Get("will/é"u8),
        Payload = Bytes(),
        Publisher = new Principal(client, null),
        Properties = _random.Next(2) == 0 ? null : Bytes(),
        QoS = (QoS)_random.Next(3),
        Retain = _random.Next(2) == 0,
        DelaySeconds = (uint)_random.Next(3),
        ExpirySeconds = _random.Next(2) == 0 ? null : (uint)_random.Next(1000),
    };

    private Event NewEvent(uint session, ushort packetId) => new()
    {
        Topic = _topics.Get("a"u8),
        Payload = Bytes(),
        Publisher = new Principal("publisher", _random.Next(2) == 0 ? null : "user"),
        Properties = _random.Next(2) == 0 ? null : Bytes(),
        Time = _random.Next(1 << 30),
        ExpiresAt = _random.Next(2) * 5000,
        QoS = QoS.ExactlyOnce,
        Session = session,
        PacketId = packetId,
    };

    private byte[] Bytes()
    {
        var bytes = new byte[_random.Next(40)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
