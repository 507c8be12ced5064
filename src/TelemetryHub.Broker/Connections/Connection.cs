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
    private readonly PublishIntake _publishes;
    private readonly Outbox _outbox;
    private Handshake? _handshake;
    private RateLimit? _rate;
    private Stage _stage = Stage.AwaitingConnect;
    private DisconnectCause _cause = DisconnectCause.PeerClosed;
    private ProtocolFault _fault;
    private long _lastReceived;
    private bool _withWill = true;
    private bool _waitsForSpace, _waitsForAnswersToLeave;

    public Connection(MqttBroker broker, Link link)
    {
        (_broker, Link) = (broker, link);
        _publishes = new PublishIntake(this, broker);
        _outbox = new Outbox(this, broker);
        _handshake = new Handshake(this, broker);
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

    public ClientSettings Settings { get; private set; } = Unknown;

    public MqttVersion Version => Settings.Version;

    /// <summary>There once the client is connected.</summary>
    public Session Session { get; private set; } = null!;

    /// <summary>How the client proved itself, if by enhanced authentication.</summary>
    public EnhancedAuthentication? Authentication { get; private set; }

    /// <summary>When the bytes that are being handled came, in Unix milliseconds.</summary>
    public long ReceivedAt { get; private set; }

    public int NeededBytes { get; private set; } = 1;

    /// <summary>Milliseconds of the broker's clock. Any thread.</summary>
    public long AcceptedAt { get; }

    /// <summary>When the hub decided to close; 0 while it has not. Any thread.</summary>
    public long ClosingSince { get; private set; }

    /// <summary>When the last byte came. Any thread.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    public bool IsConnected => _stage == Stage.Connected;

    /// <summary>The hub itself does not read it at the moment. Any thread.</summary>
    public bool IsHeldBack => _waitsForSpace || _waitsForAnswersToLeave || _rate is { IsHolding: true };

    public int OnReceived(ReadOnlySpan<byte> bytes)
    {
        if (_stage is Stage.Closing or Stage.Closed)
            return bytes.Length; // what comes after the end is of no interest
        Volatile.Write(ref _lastReceived, _broker.Milliseconds);
        ReceivedAt = _broker.UnixMilliseconds;
        var intake = new Intake();
        while (intake.Used < bytes.Length && TryTakePacket(bytes[intake.Used..], ref intake))
        {
        }
        _broker.Statistics.Receive(intake.Used, intake.Packets, intake.Publishes, intake.PayloadBytes);
        if (Control.Count > 0)
            Link.Wake();
        if (Control.Count > MaxControlBytes)
            WaitForAnswersToLeave();
        _rate?.Take(intake.Publishes, intake.Used);
        return _stage is Stage.Closing or Stage.Closed ? bytes.Length : intake.Used;
    }

    public FillResult Fill(IBufferWriter<byte> output, int budgetBytes)
    {
        if (_waitsForAnswersToLeave)
        {
            _waitsForAnswersToLeave = false;
            ResumeReading();
        }
        if (_stage == Stage.Connected)
            _publishes.AnswerKept();
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
            _cause = CauseOf(end);
        var wasConnected = Session is not null;
        _stage = Stage.Closed;
        Control.Release();
        _handshake?.Abandon();
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
    public void Connected(Session session, ClientSettings settings, EnhancedAuthentication? authentication)
    {
        (Session, Settings, Authentication) = (session, settings, authentication);
        _handshake?.Abandon();
        _handshake = null;
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
            WriteDisconnect(reason, serverReference);
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

    public void OnKept() => Link.Post(_publishes.OnKept);

    public void OnSpace() => Link.Post(() =>
    {
        _waitsForSpace = false;
        ResumeReading();
    });

    public void PauseReading() => Link.PauseReading();

    /// <summary>Reads on unless something else still waits.</summary>
    public void ResumeReading()
    {
        if (!_waitsForSpace && !_waitsForAnswersToLeave && _handshake is not { IsDeciding: true } && _rate is not { IsHolding: true })
            Link.ResumeReading();
    }

    private bool TryTakePacket(ReadOnlySpan<byte> bytes, ref Intake intake)
    {
        switch (Framing.TryReadHeader(bytes, _broker.Options.MaxPacketBytes, out var header, out var fault))
        {
            case ReadStatus.NeedMore:
                NeededBytes = bytes.Length + 1;
                return false;
            case ReadStatus.Malformed:
                CloseFor(fault);
                return false;
        }
        if (bytes.Length < header.TotalBytes)
        {
            NeededBytes = header.TotalBytes;
            return false;
        }
        NeededBytes = 1;
        fault = header.CheckLength(Version);
        if (fault != ProtocolFault.None && _stage == Stage.Connected)
        {
            CloseFor(fault);
            return false;
        }
        if (!TryTake(header, bytes[header.HeaderBytes..header.TotalBytes], ref intake))
            return false;
        intake.Used += header.TotalBytes;
        intake.Packets++;
        return _stage != Stage.Closing && _handshake is not { IsDeciding: true };
    }

    // False: the packet must be offered again later.
    private bool TryTake(in PacketHeader header, ReadOnlySpan<byte> body, ref Intake intake)
    {
        if (header.Type == PacketType.Publish && _stage == Stage.Connected)
            return TryTakePublish(header, body, ref intake);
        if (_stage == Stage.AwaitingConnect)
            _handshake!.Take(header, body);
        else
            TakeAnyOther(header, body);
        return true;
    }

    private bool TryTakePublish(in PacketHeader header, ReadOnlySpan<byte> body, ref Intake intake)
    {
        var fault = PublishPacket.TryRead(header.Flags, body, Version, out var packet);
        if (fault != ProtocolFault.None)
        {
            CloseFor(fault);
            return true;
        }
        if (!_publishes.TryTake(packet))
        {
            WaitForSpace();
            return false;
        }
        intake.Publishes++;
        intake.PayloadBytes += packet.Payload.Length;
        return true;
    }

    private void TakeAnyOther(in PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = PacketIntake.Take(this, _broker, header, body);
        if (fault != ProtocolFault.None)
            CloseFor(fault);
    }

    private void WaitForSpace()
    {
        Link.PauseReading();
        if (_waitsForSpace = _broker.Log.WaitForSpace(this))
            return;
        Link.Post(ResumeReading); // there is space by now: the packet is taken again in the next turn
    }

    private void WaitForAnswersToLeave()
    {
        _waitsForAnswersToLeave = true;
        Link.PauseReading();
    }

    private FillResult MoveAnswers(IBufferWriter<byte> output)
    {
        Control.MoveTo(output);
        return _stage == Stage.Closing ? FillResult.Close : FillResult.Empty;
    }

    private void WriteDisconnect(ReasonCode reason, string? serverReference)
    {
        var properties = new PropertyWriter(stackalloc byte[128]);
        if (!string.IsNullOrEmpty(serverReference))
            properties.Text(PropertyId.ServerReference, serverReference);
        new DisconnectPacket { Reason = reason, Properties = PropertyList.FromValidated(properties.Written) }.Write(Control, Version);
        properties.Dispose();
    }

    private static DisconnectCause CauseOf(LinkEnd end) => end switch
    {
        LinkEnd.PeerClosed => DisconnectCause.PeerClosed,
        LinkEnd.Aborted => DisconnectCause.Aborted,
        LinkEnd.TransportFault => DisconnectCause.TransportFault,
        _ => DisconnectCause.Reset,
    };

    /// <summary>What one batch of bytes came to.</summary>
    private ref struct Intake
    {
        public int Used;
        public int Packets;
        public int Publishes;
        public long PayloadBytes;
    }
}
