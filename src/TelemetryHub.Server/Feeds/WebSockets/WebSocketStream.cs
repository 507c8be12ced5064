using System.Buffers;
using TelemetryHub.Broker.Links;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Feeds.Streams;
using TelemetryHub.Server.Feeds.WebSockets.Frames;
using TelemetryHub.Server.Feeds.WebSockets.Messages;

namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>
/// A WebSocket over a link that carries nothing else: frames in, frames out, and how it ends. What is said in it is the <see cref="Conversation"/>'s.
/// Many events leave in one frame, answers before them. At rest it holds no buffer.
/// </summary>
internal sealed class WebSocketStream : ILinkHandler, ILiveStream
{
    private readonly SocketPlace _place;
    private readonly Link _link;
    private readonly StreamProtocol _protocol;
    private readonly Conversation _conversation;
    private readonly FrameReader _frames;
    private readonly PeerPulse _pulse;
    private readonly SocketClosing _closing = new();
    private byte[]? _pong; // the newest ping's bytes (RFC 6455 §5.5.3: older ones need no answer)
    private bool _isPaused;
    private volatile bool _isPingDue;

    public WebSocketStream(SocketPlace place, Link link, IFeedLoop? loop, StreamProtocol protocol, Principal principal)
    {
        (_place, _link, _protocol) = (place, link, protocol);
        _conversation = new Conversation(place, protocol, principal, link, loop);
        _frames = new FrameReader((int)place.Options.MaxFrameBytes.Bytes);
        _pulse = new PeerPulse((long)place.Options.PingInterval.TotalMilliseconds, (long)place.Options.PingTimeout.TotalMilliseconds);
        place.Streams.Upkeep.Add(this);
    }

    /// <inheritdoc/>
    public int NeededBytes => _closing.IsDeaf ? 1 : _frames.NeededBytes;

    /// <summary>The peer has said its last word: nothing of it is on its way any more.</summary>
    public bool HasPeerClosed => _closing.HasPeerClosed;

    /// <summary>Opens the subscription that the URL asked for, and asks for a first fill. Before anything else.</summary>
    public void Begin(FeedRequest? request)
    {
        if (request is null) return;
        _conversation.Open(request);
        _link.Wake();
    }

    /// <inheritdoc/>
    public int OnReceived(ReadOnlySpan<byte> bytes)
    {
        _pulse.Hear();
        var used = 0;
        while (!_closing.IsDeaf && (!_conversation.IsHeldUp || _closing.HasBegun))
        {
            var received = _frames.Read(bytes[used..], out var read);
            used += read;
            if (received == Received.Nothing) return used;
            Take(received);
        }

        if (_closing.IsDeaf) return bytes.Length;
        _isPaused = true;
        _link.PauseReading();
        return used;
    }

    /// <inheritdoc/>
    public FillResult Fill(IBufferWriter<byte> output, int budgetBytes)
    {
        if (_closing.IsSent) return _closing.IsOver ? FillResult.Close : FillResult.Empty;
        if (_closing.HasPeerClosed) return WriteClose(output); // who has said goodbye wants no more events
        _conversation.GoOn();
        WriteControlFrames(output);
        var hasMore = WriteMessages(output, budgetBytes);
        if (_conversation.IsHopeless) _closing.Begin(CloseCode.PolicyViolation);
        if (_closing.HasBegun) return WriteClose(output);
        ReadOn();
        return hasMore ? FillResult.More : FillResult.Empty;
    }

    /// <inheritdoc/>
    public void OnClosed(LinkEnd end)
    {
        _place.Streams.Upkeep.Remove(this);
        _conversation.End();
        _frames.Release();
        _place.Streams.Admission.Leave();
    }

    /// <inheritdoc/>
    public void Tick(long nowMilliseconds)
    {
        var since = _link.BlockedSince;
        if (since > 0 && nowMilliseconds - since > _place.Streams.WriteTimeoutMilliseconds) _link.Abort();
        else if (_closing.IsSent) GiveUp(nowMilliseconds);
        else Ask(_pulse.Tick(nowMilliseconds, isStuck: since > 0));
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _closing.Begin(CloseCode.ServiceRestart);
        _link.Wake();
    }

    /// <inheritdoc/>
    public void Abort() => _link.Abort();

    private void Ask(PulseStep step)
    {
        if (step == PulseStep.None) return;
        if (step == PulseStep.Ping) _isPingDue = true;
        else _closing.Begin(CloseCode.GoingAway);
        _link.Wake();
    }

    private void GiveUp(long now)
    {
        if (_closing.GiveUp(now)) _link.Wake();
    }

    private void Take(Received received)
    {
        switch (received)
        {
            case Received.Text or Received.Binary:
                TakeMessage(received == Received.Text ? Opcode.Text : Opcode.Binary);
                break;
            case Received.Ping:
                _pong = _frames.Payload.ToArray();
                break;
            case Received.Close:
                _closing.EndByPeer(_frames.CloseCode);
                break;
            case Received.Fault:
                _closing.Fail(_frames.CloseCode);
                break;
            default:
                return; // parts and pongs ask for nothing
        }

        _link.Wake();
    }

    private void TakeMessage(Opcode opcode)
    {
        if (_closing.HasBegun) return; // §5.5.1: what comes until the peer's close frame has come too late
        if (opcode == MessageReader.OpcodeOf(_protocol)) _conversation.Take(_frames.Payload);
        else _closing.Begin(CloseCode.WrongKind);
    }

    private void WriteControlFrames(IBufferWriter<byte> output)
    {
        if (_pong is not null) FrameWriter.Write(output, Opcode.Pong, _pong);
        if (_isPingDue) FrameWriter.Write(output, Opcode.Ping, []);
        (_pong, _isPingDue) = (null, false);
    }

    private bool WriteMessages(IBufferWriter<byte> output, int budgetBytes)
    {
        var scratch = FrameScratch.Take();
        _conversation.MoveAnswers(scratch);
        var subscriptions = _conversation.Subscriptions;
        var hasMore = subscriptions.Fill(scratch, budgetBytes);
        if (subscriptions.EndReason is not ByeReason.None and var reason) _closing.Begin(CodeOf(reason));
        if (_closing.Code == CloseCode.ServiceRestart) subscriptions.End(ByeReason.Shutdown, scratch);
        FrameScratch.Write(scratch, MessageReader.OpcodeOf(_protocol), output);
        return hasMore || _conversation.IsCutShort;
    }

    private FillResult WriteClose(IBufferWriter<byte> output)
    {
        FrameWriter.WriteClose(output, _closing.Code);
        _closing.OnSent();
        _conversation.End();
        ReadOn(); // for the peer's close frame
        return _closing.IsOver ? FillResult.Close : FillResult.Empty;
    }

    // Not from within a fill: reading on may call back at once.
    private void ReadOn()
    {
        if (!_isPaused || (_conversation.IsHeldUp && !_closing.HasBegun)) return;
        _isPaused = false;
        _link.Post(_link.ResumeReading);
    }

    private static CloseCode CodeOf(ByeReason reason) => reason switch
    {
        ByeReason.Shutdown => CloseCode.ServiceRestart,
        ByeReason.Slow => CloseCode.TooSlow,
        ByeReason.Overload => CloseCode.TryAgainLater,
        ByeReason.Forbidden => CloseCode.Forbidden,
        _ => CloseCode.PolicyViolation,
    };
}
