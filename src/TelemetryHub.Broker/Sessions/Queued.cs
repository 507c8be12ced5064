using TelemetryHub.Core.Events;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Broker.Sessions;

/// <summary>
/// A QoS 1 or 2 delivery of one session, waiting or on its way. It may go without its event when the log can give it back. The ordinal counts
/// the session's deliveries and decides the packet id, so that neither changes however often the delivery is begun again.
/// </summary>
internal struct Queued
{
    /// <summary>MQTT 5 §2.2.1: packet ids are 1 to 65,535.</summary>
    public const int PacketIds = ushort.MaxValue;

    private const int FlagBits = 4;
    private const long Replay = 1, Sent = 2, Released = 4, Lost = 8;

    private long _ordinalAndFlags;
    private long _place; // the event's sequence; once released, the ticket of the record that says so

    public Queued(in Delivery delivery, long ordinal)
        : this(delivery.Event, delivery.Route, delivery.Event.Sequence, ordinal, delivery.IsReplay)
    {
    }

    public Queued(Event? @event, Route route, long sequence, long ordinal, bool isReplay)
    {
        (Event, Route, _place) = (@event, route, sequence);
        _ordinalAndFlags = (ordinal << FlagBits) | (isReplay ? Replay : 0);
    }

    /// <summary>Null while it is only in the log, and once it will not be sent any more.</summary>
    public Event? Event { get; set; }

    public Route Route { get; }

    public readonly long Ordinal => _ordinalAndFlags >> FlagBits;

    public readonly ushort PacketId => PacketIdOf(Ordinal);

    public readonly long Sequence => _place;

    /// <summary>A retained message, sent because of a new subscription: the log need not have it any more.</summary>
    public readonly bool IsReplay => (_ordinalAndFlags & Replay) != 0;

    /// <summary>It is, or was, on its way.</summary>
    public readonly bool IsSent => (_ordinalAndFlags & Sent) != 0;

    /// <summary>PUBREC came: from now on PUBREL is due, the message itself never again (MQTT 5 §4.3.3).</summary>
    public readonly bool IsReleased => (_ordinalAndFlags & Released) != 0;

    /// <summary>The log could not give it back.</summary>
    public readonly bool IsLost => (_ordinalAndFlags & Lost) != 0;

    /// <summary>With <see cref="IsReleased"/>: PUBREL must not leave before this is kept.</summary>
    public readonly long ReleaseTicket => _place;

    public readonly int HeldBytes => Event?.SizeBytes ?? 0;

    /// <summary>Only with its event.</summary>
    public readonly Delivery Delivery => new(Event!, Route, IsReplay);

    public static ushort PacketIdOf(long ordinal) => (ushort)((ordinal % PacketIds) + 1);

    public void Release(long ticket)
    {
        (Event, _place) = (null, ticket);
        _ordinalAndFlags |= Released;
    }

    public void Send() => _ordinalAndFlags |= Sent;

    public void Lose() => _ordinalAndFlags |= Lost;

    /// <summary>Leaves it to the log, if that has it.</summary>
    public void Forget()
    {
        if (!IsReplay)
            Event = null;
    }
}
