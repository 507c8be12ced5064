using System.Globalization;
using TelemetryHub.Broker.Recovery;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Recovery;

/// <summary>Sessions as anybody would write them down, to compare the image with. Both describe themselves as text.</summary>
internal sealed class NaiveSessions
{
    public List<NaiveSession> All { get; } = [];

    public uint NextNumber { get; set; } = 1;

    public long RoutedUpTo { get; private set; }

    /// <summary>The shared subscriptions that had the newest event.</summary>
    public HashSet<string> Groups { get; } = [];

    public void Advance(long sequence)
    {
        if (sequence > RoutedUpTo)
            Groups.Clear();
        RoutedUpTo = Math.Max(RoutedUpTo, sequence);
    }

    public string Describe() => string.Join('\n', All.OrderBy(session => session.Number).Select(session => session.Describe())
        .Prepend(Describe(NextNumber, RoutedUpTo, Groups)));

    public static string Describe(SessionsImage image) => string.Join('\n', image.Sessions.OrderBy(session => session.Number).Select(Describe)
        .Prepend(Describe(image.NextNumber, image.Routed.UpTo, image.Routed.Groups.Select(group => group.ToString()))));

    private static string Describe(uint nextNumber, long routedUpTo, IEnumerable<string> groups) =>
        $"next {nextNumber} routed {routedUpTo} {string.Join(' ', groups.Order(StringComparer.Ordinal))}";

    public static string Describe(Route route, bool isReplay) =>
        Describe(route.MaxQoS, route.RetainAsPublished, route.Identifiers, route.Group?.Filter.ToString(), isReplay);

    public static string Describe(RouteImage route) => Describe(
        route.MaxQoS, route.RetainAsPublished, route.Identifiers, route.SharedFilter.IsEmpty ? null : route.SharedFilter.ToString(), route.IsReplay);

    private static string Describe(QoS qos, bool retain, uint[] identifiers, string? group, bool isReplay) =>
        $"{qos}{(retain ? " rap" : "")} [{string.Join(' ', identifiers)}] {group}{(isReplay ? " replay" : "")}";

    private static string Describe(SessionImage session) => new NaiveSession
    {
        Number = session.Number,
        ClientId = session.ClientId,
        User = session.User,
        ExpirySeconds = session.ExpirySeconds,
        Window = session.Window,
        ClosedAt = session.ClosedAt,
        Will = Describe(session.Will),
        Subscriptions = session.Subscriptions.ToDictionary(one => one.Filter.ToString(), one => one.ToString()),
        Deliveries = [.. session.Deliveries.Select(one => new NaiveDelivery(
            one.Ordinal,
            one.Sequence,
            Describe(one.Route),
            one.Copy is null ? null : Convert.ToHexString(one.Copy)) { IsReleased = one.IsReleased })],
        NextOrdinal = session.NextOrdinal,
        SentUpTo = session.SentUpTo,
        LastSequence = session.LastSequence,
        Received = [.. session.Received],
    }.Lines();

    public static string Describe(WillImage? will) => will is null ? "none" : string.Create(
        CultureInfo.InvariantCulture,
        $"{will.Topic}={Convert.ToHexString(will.Payload)} {Convert.ToHexString(will.Properties ?? [])} {will.QoS} {will.Retain} {will.DelaySeconds} {will.ExpirySeconds}");
}
