using System.Buffers;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Sessions;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Broker.Connections;

/// <summary>
/// One client's connection from its first byte to its last: frames packets, hands each kind to whoever knows it, collects the answers.
/// Runs on its link's owner; what other threads may call says so.
/// </summary>
internal sealed class Connection : ILinkHandler, ILogWaiter
{
    // A client that asks and asks without reading the answers is not read any more beyond this.
    private const int MaxControlBytes = 64 * 1024;
    private static readonly ClientSettings Unknown = new(MqttVersion.V311);

    private readonly MqttBroker _broker;
    private readonly Intake _intake;
    private readonly Outbox _outbox;
    private RateLimit? _rate;
    private Stage _stage = Stage.AwaitingConnect;
    private DisconnectCause _cause = DisconnectCause.PeerClosed;
    private ProtocolFault _fault;
    private long _lastReceived;
    private long _blockedMark, _blockedFrom; // the upkeep's
    private bool _withWill = true;
    private HoldReason _holds;

    public Connection(MqttBroker broker, Link link)
    {
        (_broker, Link) = (broker, link);
        _intake = new Intake(this, broker);
        _outbox = new Outbox(this, broker);
        Answers = new KeptAnswers(this, broker.Log);
        Handshake = new Handshake(this, broker);
        _lastReceived = AcceptedAt = broker.Milliseconds;
    }

    private enum Stage : byte
    {
        AwaitingConnect,
        Connected,
        Closing,
        Closed,
    }

    public Link Link { get; }

    public ControlBuffer Control { get; } = new();

    /// <summary>Answers that wait for the log.</summary>
    public KeptAnswers Answers { get; }

    public ClientSettings Settings { get; private set; } = Unknown;

    public MqttVersion Version => Settings.Version;

    /// <summary>There once the client is connected.</summary>
    public Session Session { get; private set; } = null!;

    /// <summary>The session was there before this connection.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>Who speaks with the client until it is connected; null from then on.</summary>
    public Handshake? Handshake { get; private set; }

    /// <summary>How the client proved itself, if by enhanced authentication.</summary>
    public EnhancedAuthentication? Authentication { get; private set; }

    /// <summary>When the bytes that are being handled came, in Unix milliseconds.</summary>
    public long ReceivedAt { get; private set; }

    public int NeededBytes => _intake.NeededBytes;

    /// <summary>Milliseconds of the broker's clock. Any thread.</summary>
    public long AcceptedAt { get; }

    /// <summary>When the hub decided to close; 0 while it has not. Any thread.</summary>
    public long ClosingSince { get; private set; }

    /// <summary>When the last byte came. Any thread.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>For how long the peer has not taken a single byte of what waits for it. One thread, again and again: it compares with the last call.</summary>
    public long StalledMilliseconds(long now)
    {
        // The link's clock is not the broker's: here it only tells whether something has moved.
        if (Link.BlockedSince is var mark && mark != _blockedMark)
            (_blockedMark, _blockedFrom) = (mark, now);
        return mark == 0 ? 0 : now - _blockedFrom;
    }

    public bool IsConnected => _stage == Stage.Connected;

    /// <summary>Is another packet to be taken now? Not after the end, nor while it is decided whether the client may come in.</summary>
    public bool TakesPackets => _stage is Stage.AwaitingConnect or Stage.Connected && Handshake is not { IsDeciding: true };

    /// <summary>The hub itself does not read it at the moment. Any thread.</summary>
    public bool IsHeldBack => _holds != HoldReason.None;

    public int OnReceived(ReadOnlySpan<byte> bytes)
    {
        if (_stage is Stage.Closing or Stage.Closed)
            return bytes.Length; // what comes after the end is of no interest
        Volatile.Write(ref _lastReceived, _broker.Milliseconds);
        ReceivedAt = _broker.UnixMilliseconds;
        var used = _intake.Take(bytes, out var publishes);
        if (Control.Count > 0)
            Link.Wake();
        if (Control.Count > MaxControlBytes)
            Hold(HoldReason.Unsent);
        if (Answers.AreTooMany)
            Hold(HoldReason.Unkept);
        _rate?.Take(publishes, used);
        return _stage is Stage.Closing or Stage.Closed ? bytes.Length : used;
    }

    public FillResult Fill(IBufferWriter<byte> output, int budgetBytes)
    {
        Release(HoldReason.Unsent);
        if (_stage == Stage.Connected)
            Answers.Release();
        if (!Answers.AreTooMany)
            Release(HoldReason.Unkept);
        return _stage switch
        {
            Stage.Connected => _outbox.Fill(output, budgetBytes),
            Stage.Closed => FillResult.Empty,
            _ => MoveAnswers(output),
        };
    }

    public void OnClosed(LinkEnd end)
    {
        if (_stage == Stage.Closed)
            return;
        if (_stage != Stage.Closing)
            _cause = Farewell.CauseOf(end);
        var wasConnected = Session is not null;
        _stage = Stage.Closed;
        Control.Release();
        Handshake?.Abandon();
        _rate?.Stop();
        if (wasConnected)
            _broker.Sessions.Detach(Session!, this, _withWill);
        _broker.OnClosed(this, _cause, _fault);
    }

    /// <summary>Writes a PUBACK, PUBREC, PUBREL or PUBCOMP with the next bytes that leave.</summary>
    public void Answer(PacketType type, ushort packetId, ReasonCode reason)
    {
        new AckPacket { Type = type, PacketId = packetId, Reason = reason }.Write(Control, Version);
    }

    /// <summary>The client is in: from now on its packets are taken.</summary>
    public void Connected(Session session, bool isResumed, ClientSettings settings, EnhancedAuthentication? authentication)
    {
        (Session, IsResumed, Settings, Authentication) = (session, isResumed, settings, authentication);
        Handshake?.Abandon();
        Handshake = null;
        _outbox.Begin(settings);
        _rate = RateLimit.For(this, _broker);
        _stage = Stage.Connected;
    }

    /// <summary>Before CONNACK: the version in which a refusal is written.</summary>
    public void Speaks(ClientSettings settings) => Settings = settings;

    /// <summary>Sends what waits and, to an MQTT 5 client, the reason; then closes.</summary>
    public void Close(DisconnectCause cause, ReasonCode reason, string? serverReference = null)
    {
        if (_stage is Stage.Closing or Stage.Closed)
            return;
        if (_stage == Stage.Connected && Version == MqttVersion.V5)
            Farewell.Write(Control, reason, serverReference);
        BeginClosing(cause);
    }

    /// <summary>The client said DISCONNECT.</summary>
    public void Leave(bool withWill)
    {
        _withWill = withWill;
        BeginClosing(withWill ? DisconnectCause.WithWill : DisconnectCause.Clean);
    }

    /// <summary>Closes without a word: before the client is connected there is none but CONNACK, and that has been written.</summary>
    public void BeginClosing(DisconnectCause cause)
    {
        if (_stage is Stage.Closing or Stage.Closed)
            return;
        (_stage, _cause, ClosingSince) = (Stage.Closing, cause, _broker.Milliseconds);
        Link.Wake();
    }

    /// <summary>Ends it at once, without sending what waits.</summary>
    public void Cut(DisconnectCause cause)
    {
        if (_stage is Stage.Closing or Stage.Closed)
            return;
        (_stage, _cause) = (Stage.Closing, cause);
        Link.Abort();
    }

    /// <summary>Bytes that are no MQTT, or MQTT against the rules.</summary>
    public void CloseFor(ProtocolFault fault)
    {
        _fault = fault;
        Close(DisconnectCause.ProtocolError, fault.ToReasonCode());
    }

    /// <summary>Another connection has the session now. Any thread.</summary>
    public void TakeOver() => Link.Post(() => Close(DisconnectCause.TakenOver, ReasonCode.SessionTakenOver));

    /// <summary>Closes for a reason found elsewhere. Any thread.</summary>
    public void PostClose(DisconnectCause cause, ReasonCode reason, string? serverReference = null) =>
        Link.Post(() => Close(cause, reason, serverReference));

    /// <summary>Two clients throw each other out: the newcomer is refused, and both are named. Any thread.</summary>
    public void ReportFlapping(string clientId, Connection holder) => _broker.ReportFlapping(clientId, Link, holder.Link);

    public void OnKept() => Answers.OnKept();

    public void OnSpace() => Link.Post(() => Release(HoldReason.Space));

    /// <summary>The log is full: the packet at hand is taken again when there is space, and nothing is read until then.</summary>
    public void WaitForSpace()
    {
        Hold(HoldReason.Space);
        if (!_broker.Log.WaitForSpace(this))
            OnSpace(); // there is space by now
    }

    /// <summary>Reads no more until that is over.</summary>
    public void Hold(HoldReason reason)
    {
        _holds |= reason;
        Link.PauseReading();
    }

    /// <summary>Reads on unless it is held for something else.</summary>
    public void Release(HoldReason reason)
    {
        if ((_holds & reason) == 0 || (_holds &= ~reason) != HoldReason.None)
            return;
        Volatile.Write(ref _lastReceived, _broker.Milliseconds); // the client's silence was the hub's doing
        Link.ResumeReading();
    }

    /// <summary>The log could not keep a publish, and never will.</summary>
    public void RefusePublish(PacketType answer, ushort packetId) => _intake.Publishes.Refuse(answer, packetId, ReasonCode.QuotaExceeded);

    private FillResult MoveAnswers(IBufferWriter<byte> output)
    {
        _broker.Statistics.Send(Control.Count, Control.Packets, publishes: 0, publishBytes: 0);
        Control.MoveTo(output);
        return _stage == Stage.Closing ? FillResult.Close : FillResult.Empty;
    }
}
