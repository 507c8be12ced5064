using TelemetryHub.Broker.Links;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Server.Feeds.WebSockets.Messages;

namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>What the peer of a socket says and is answered. Belongs to the link's owner.</summary>
internal sealed class Conversation(SocketPlace place, StreamProtocol protocol, Principal principal, Link link, IFeedLoop? loop)
{
    /// <summary>After so many more wrong messages than right ones the peer is not listened to any longer: a wrong one costs several times as much.</summary>
    public const int MaxErrors = 20;

    /// <summary>A peer that does not read its answers is not read.</summary>
    private const int MaxAnswerBytes = 64 << 10;

    private readonly SubscribeMessages _subscribing = new(place, protocol, principal, link, loop);
    private readonly PooledBytes _answers = new();
    private SocketPublishing? _publishing; // only for those who do
    private Queue<MessageResult>? _waiting; // of the last frame, behind a publish that has to wait
    private int _errors;

    public SubscriptionSet Subscriptions => _subscribing.Subscriptions;

    /// <summary>Whether the peer has said too many wrong things.</summary>
    public bool IsHopeless => _errors >= MaxErrors;

    /// <summary>Whether the peer must not be read for now.</summary>
    public bool IsHeldUp => _waiting is { Count: > 0 } || IsBusy;

    /// <summary>Whether <see cref="GoOn"/> is to be called again as soon as its answers are gone.</summary>
    public bool IsCutShort { get; private set; }

    private bool IsBusy => _answers.Count > MaxAnswerBytes || _publishing is { IsHeldUp: true };

    /// <summary>The subscription of the URL.</summary>
    public void Open(Requests.FeedRequest request) => _subscribing.Open(null, request);

    /// <summary>Takes what one frame says.</summary>
    public void Take(ReadOnlySpan<byte> content)
    {
        var reader = new MessageReader(protocol, content);
        while (!IsHopeless && reader.TryNext(out var said))
        {
            if (IsHeldUp) (_waiting ??= new()).Enqueue(said);
            else Handle(said);
        }

        _publishing?.Route();
    }

    /// <summary>Before a fill: what was decided meanwhile, and what waited for that.</summary>
    public void GoOn()
    {
        if (_publishing is null && _waiting is null) return;
        if (_publishing?.GoOn() is { } late) Say(late);
        TakeDecided();
        while (!IsBusy && !IsHopeless && _waiting is not null && _waiting.TryDequeue(out var said)) Handle(said);
        TakeDecided(); // also has the link woken for what was just published
        if (_waiting is { Count: 0 }) _waiting = null;
        IsCutShort = _answers.Count > MaxAnswerBytes || (_waiting is not null && !IsBusy);
        _publishing?.Route();
    }

    /// <summary>Hands over the answers.</summary>
    public void MoveAnswers(PooledBytes output)
    {
        if (_answers.Count == 0) return;
        _answers.Written.CopyTo(output.GetSpan(_answers.Count));
        output.Advance(_answers.Count);
        _answers.Release();
    }

    /// <summary>The socket is gone.</summary>
    public void End()
    {
        Subscriptions.Clear();
        _answers.Release();
        _waiting = null;
    }

    private void TakeDecided()
    {
        while (_answers.Count <= MaxAnswerBytes && _publishing is not null && _publishing.TryTakeAnswer(place.Feeds.Epoch, out var answer)) Say(answer);
    }

    private void Handle(in MessageResult said)
    {
        var answer = said.Message is { } message ? Answer(message) : Messages.Answer.Error(said.Ref, said.Problem!);
        _errors = answer is { IsError: true } ? _errors + 1 : Math.Max(0, _errors - 1);
        if (answer is { } given) Say(given);
    }

    private Answer? Answer(ClientMessage message) => message.Type switch
    {
        MessageType.Subscribe => _subscribing.Subscribe(message),
        MessageType.Unsubscribe => _subscribing.Unsubscribe(message),
        MessageType.Publish => Publish(message),
        MessageType.Ping => Messages.Answer.Pong(message.Ref),
        // As with a password over MQTT and a header over HTTP: where everybody may do everything, nobody's proof is looked at, and nobody is sent away.
        _ => Messages.Answer.Ack(message.Ref),
    };

    private Answer? Publish(ClientMessage message)
    {
        _publishing ??= new SocketPublishing(place.Publisher, principal, link.Wake);
        return _publishing.Publish(message) is { } problem ? Messages.Answer.Error(message.Ref, problem) : null;
    }

    private void Say(in Answer answer) => AnswerWriter.Write(_answers, protocol, answer);
}
