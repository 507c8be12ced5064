using System.Text;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Server.Feeds.Publishing;
using TelemetryHub.Server.Feeds.WebSockets.Messages;

namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>What a socket publishes, until it is kept. Belongs to the link's owner.</summary>
/// <param name="publisher">Where to.</param>
/// <param name="principal">Who publishes.</param>
/// <param name="wake">Asks for a call of <see cref="GoOn"/>. Any thread.</param>
internal sealed class SocketPublishing(Publisher publisher, Principal principal, Action wake)
{
    /// <summary>With so many not yet kept, the socket is not read.</summary>
    public const int MaxPending = 256;

    private readonly PendingPublishes<byte[]> _pending = new(publisher, wake);
    private ClientMessage? _held; // the log had no space for it
    private bool _isToBeRouted;

    /// <summary>Whether nothing more may be published for now.</summary>
    public bool IsHeldUp => _held is not null || _pending.Count >= MaxPending;

    /// <summary>Publishes; null when its answer comes later.</summary>
    public MessageProblem? Publish(ClientMessage message)
    {
        var publication = new Publication(Encoding.UTF8.GetBytes(message.Topic), message.Payload) { QoS = message.QoS, Retain = message.Retain };
        while (true)
        {
            var status = _pending.TryPublish(principal, publication, message.Ref);
            _isToBeRouted |= status == PublishStatus.Taken;
            if (status != PublishStatus.Full) return ProblemOf(status);
            if (!_pending.WaitForSpace()) continue; // there is some already
            _held = message;
            return null;
        }
    }

    /// <summary>After a wake: tries again what was held. Returns what is to be answered.</summary>
    public Answer? GoOn()
    {
        if (_held is not { } held || _pending.IsAwaitingSpace) return null;
        _held = null;
        return Publish(held) is { } problem ? Answer.Error(held.Ref, problem) : null;
    }

    /// <summary>The answer to the oldest publish, once it is known.</summary>
    public bool TryTakeAnswer(string epoch, out Answer answer)
    {
        answer = default;
        if (!_pending.TryTake(out var published)) return false;
        answer = !published.IsKept ? Answer.Error(published.Tag, NotKept)
            : published.Event.Sequence > 0 ? Answer.Ack(published.Tag, ("id", new Cursor(epoch, published.Event.Sequence).ToString()))
            : Answer.Ack(published.Tag);
        return true;
    }

    /// <summary>Hands what was published to its subscribers; once per batch.</summary>
    public void Route()
    {
        if (!_isToBeRouted) return;
        _isToBeRouted = false;
        publisher.Route();
    }

    private MessageProblem? ProblemOf(PublishStatus status) => status switch
    {
        PublishStatus.Taken => null,
        PublishStatus.NoTopic => new(ErrorCode.BadField, "'topic' must be the name of a topic: not empty, without '+', '#' and NUL."),
        PublishStatus.TopicTooLong => new(ErrorCode.BadField, "'topic' is longer or has more levels than the hub allows (Mqtt:MaxTopicBytes, Mqtt:MaxTopicLevels)."),
        PublishStatus.ReservedTopic => new(ErrorCode.Forbidden, "'topic' is one of the hub's own, which only the hub publishes."),
        PublishStatus.Forbidden => new(ErrorCode.Forbidden, "Publishing to this 'topic' is not allowed."),
        PublishStatus.TooLarge => new(ErrorCode.TooLarge, $"'topic' and 'payload' together are larger than {publisher.MaxBytes} bytes (Mqtt:MaxPacketBytes)."),
        PublishStatus.RetainedFull => new(ErrorCode.Overload, "The hub retains as much as it may (Mqtt:MaxRetainedBytes)."),
        _ => NotKept,
    };

    private static MessageProblem NotKept { get; } = new(ErrorCode.NotKept, "The hub could not keep it: its disk is full or fails.");
}
