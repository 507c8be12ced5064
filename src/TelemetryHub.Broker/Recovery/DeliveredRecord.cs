using TelemetryHub.Core.Log;

namespace TelemetryHub.Broker.Recovery;

/// <summary>A QoS 1 or 2 delivery was queued. A view of the record: making objects of it would cost more than all the rest.</summary>
internal readonly ref struct DeliveredRecord
{
    /// <summary>The session.</summary>
    public uint Number { get; private init; }

    /// <summary>Its place among the deliveries of the session, from 0.</summary>
    public long Ordinal { get; private init; }

    /// <summary>The event's place in the log.</summary>
    public long Sequence { get; private init; }

    /// <summary>What <see cref="RouteImage.Read"/> takes.</summary>
    public ReadOnlySpan<byte> Route { get; private init; }

    /// <summary>It is a retained message, sent because of a new subscription.</summary>
    public bool IsReplay { get; private init; }

    /// <summary>What <see cref="EventCopy.Read"/> takes, when it is the replay of a retained message; otherwise empty.</summary>
    public ReadOnlySpan<byte> Copy { get; private init; }

    /// <summary>Reads what follows the kind. The route and the copy are checked by whoever reads them.</summary>
    public static DeliveredRecord Read(ref RecordReader reader)
    {
        var (number, ordinal, sequence) = (reader.SessionNumber(), reader.Ordinal(), reader.Number());
        var route = RouteImage.Skip(ref reader, out var isReplay);
        var record = new DeliveredRecord
        {
            Number = number,
            Ordinal = ordinal,
            Sequence = sequence,
            Route = route,
            IsReplay = isReplay,
            Copy = isReplay ? reader.Rest() : default,
        };
        reader.End();
        return record;
    }
}
