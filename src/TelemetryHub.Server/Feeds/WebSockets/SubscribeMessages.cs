using Microsoft.Extensions.Primitives;
using TelemetryHub.Broker.Links;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Feeds.WebSockets.Messages;

namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>Opens and ends the subscriptions of a socket. Belongs to the link's owner.</summary>
internal sealed class SubscribeMessages(SocketPlace place, StreamProtocol protocol, Principal principal, Link link, IFeedLoop? loop)
{
    private const string Transport = "websocket";

    public SubscriptionSet Subscriptions { get; } = new(place.Streams.Admission);

    public Answer Subscribe(ClientMessage message)
    {
        if (Check(message.Sub) is { } problem) return Answer.Error(message.Ref, problem);
        if (!place.Requests.TryRead(principal, TextsOf(message), out var request, out var wrong)) return Answer.Error(message.Ref, Describe(wrong));
        if (place.Streams.Admission.Enter() is var reason and not ByeReason.None) return Answer.Error(message.Ref, new(ErrorCode.Overload, Refusal.OfDoor(reason).Detail));
        var reader = Open(message.Sub, request);
        // Where a time or the oldest event is in the log is found out later, and the events of a snapshot are older than its end: events will tell.
        return request.Snapshot || request.Start.Time is not null || request.Start.IsEarliest
            ? Answer.Ack(message.Ref, ("sub", message.Sub))
            : Answer.Ack(message.Ref, ("sub", message.Sub), ("id", new Cursor(place.Feeds.Epoch, reader.Position).ToString()));
    }

    public Answer Unsubscribe(ClientMessage message) => Subscriptions.Remove(message.Sub)
        ? Answer.Ack(message.Ref, ("sub", message.Sub))
        : Answer.Error(message.Ref, new(ErrorCode.UnknownSub, $"There is no subscription '{message.Sub}'."));

    /// <summary>Opens a reader for a request that has been checked.</summary>
    public FeedReader Open(string? name, FeedRequest request)
    {
        IEventEncoding encoding = protocol == StreamProtocol.Json ? new JsonLineEncoding(request.Format, name) : new CborEncoding(request.Format, name);
        var subscription = new Subscription(name, link);
        var options = request.Options(Transport, link.Info.Remote?.ToString());
        subscription.Reader = place.Feeds.Open(request.Definition(principal, encoding), options, subscription, loop);
        Subscriptions.Add(subscription);
        return subscription.Reader;
    }

    private MessageProblem? Check(string name)
    {
        var most = place.Options.MaxSubscriptions;
        if (Subscriptions.Contains(name))
            return new(ErrorCode.DuplicateSub, $"There is a subscription '{name}' already: unsubscribe it first, or choose another 'sub'.");
        return Subscriptions.Count < most ? null : new(ErrorCode.TooManySubscriptions, $"A socket has at most {most} subscriptions (Feeds:MaxSubscriptions).");
    }

    private static IEnumerable<KeyValuePair<string, StringValues>> TextsOf(ClientMessage message)
    {
        yield return new("topic", new StringValues([.. message.Topics]));
        foreach (var (name, text) in message.Options) yield return new(name, text);
    }

    private static MessageProblem Describe(RequestProblem wrong) => (wrong.Parameter, wrong.Reason) switch
    {
        (_, ByeReason.Forbidden) => new(ErrorCode.Forbidden, wrong.Detail),
        ("topic", _) => new(ErrorCode.BadFilter, $"'topics': {wrong.Detail}"),
        _ => new(ErrorCode.BadField, $"'{wrong.Parameter}': {wrong.Detail}"),
    };
}
