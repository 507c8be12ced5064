using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Recovery;

/// <summary>How a delivery reaches its session, as it is recorded. The many deliveries of one subscription share one.</summary>
internal sealed class RouteImage
{
    private const int RetainAsPublishedFlag = 4, ReplayFlag = 8, SharedFlag = 16, IdentifiersFlag = 32;

    private RouteImage(byte[] encoded) => Encoded = encoded;

    /// <summary>As in the record: two routes are the same when these bytes are.</summary>
    public byte[] Encoded { get; }

    public QoS MaxQoS { get; private init; }

    public bool RetainAsPublished { get; private init; }

    /// <summary>A retained message, sent because of a new subscription: the record has a copy of the event.</summary>
    public bool IsReplay { get; private init; }

    public uint[] Identifiers { get; private init; } = [];

    /// <summary>The shared subscription, with its prefix, that the delivery came by; the empty filter for none.</summary>
    public TopicFilter SharedFilter { get; private init; }

    public static void Write(Route route, bool isReplay, ref RecordWriter writer)
    {
        writer.Byte((byte)((int)route.MaxQoS | (route.RetainAsPublished ? RetainAsPublishedFlag : 0) | (isReplay ? ReplayFlag : 0)
            | (route.Group is null ? 0 : SharedFlag) | (route.Identifiers.Length == 0 ? 0 : IdentifiersFlag)));
        if (route.Identifiers.Length > 0)
        {
            writer.Number(route.Identifiers.Length);
            foreach (var identifier in route.Identifiers)
                writer.Number(identifier);
        }
        if (route.Group is { } group)
            writer.Block(group.Filter.Utf8);
    }

    /// <summary>Passes over a route without making it; the result is what <see cref="Read"/> takes, not checked any further.</summary>
    public static ReadOnlySpan<byte> Skip(ref RecordReader reader, out bool isReplay)
    {
        var from = reader.Remaining;
        var flags = reader.Flags(highest: IdentifiersFlag);
        isReplay = (flags & ReplayFlag) != 0;
        if ((flags & IdentifiersFlag) != 0)
        {
            for (var left = reader.Number(); left > 0; left--)
                reader.Number();
        }
        if ((flags & SharedFlag) != 0)
            reader.Block();
        return from[..(from.Length - reader.Remaining.Length)];
    }

    public static RouteImage Read(ReadOnlySpan<byte> encoded)
    {
        var reader = new RecordReader(encoded);
        var flags = reader.Flags(highest: IdentifiersFlag);
        var route = new RouteImage(encoded.ToArray())
        {
            MaxQoS = RecordReader.QoSOf(flags),
            RetainAsPublished = (flags & RetainAsPublishedFlag) != 0,
            IsReplay = (flags & ReplayFlag) != 0,
            Identifiers = (flags & IdentifiersFlag) != 0 ? ReadIdentifiers(ref reader) : [],
            SharedFilter = (flags & SharedFlag) != 0 ? ReadShared(ref reader) : default,
        };
        reader.End();
        return route;
    }

    private static uint[] ReadIdentifiers(ref RecordReader reader)
    {
        var count = reader.Number();
        if (count > reader.Remaining.Length)
            throw RecordReader.Malformed("more subscription identifiers than bytes");
        var identifiers = new uint[count];
        foreach (ref var identifier in identifiers.AsSpan())
            identifier = reader.SmallNumber();
        return identifiers;
    }

    private static TopicFilter ReadShared(ref RecordReader reader) =>
        TopicFilter.TryParse(reader.Block(), out var filter) && filter.IsShared ? filter : throw RecordReader.Malformed("a shared filter");
}
