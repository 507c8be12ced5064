using System.Text;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Sessions;
using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Broker.Connections;

/// <summary>From CONNECT to CONNACK: who is it, may it, and which session does it get. Gone once the client is in.</summary>
internal sealed class Handshake(Connection connection, MqttBroker broker)
{
    private Action? _abandon; // cancels the decision
    private ConnectOffer? _offer;
    private EnhancedAuthentication? _authentication;

    /// <summary>The decision takes its time: the client is not read meanwhile.</summary>
    public bool IsDeciding { get; private set; }

    /// <summary>The connection is gone, or the client is in: nobody waits for a decision any more.</summary>
    public void Abandon() => _abandon?.Invoke();

    /// <summary>May a packet of this type come now? Asked when its first bytes are there: nobody waits for the rest of a packet that is refused anyway.</summary>
    public bool Expects(PacketType type) => type == PacketType.Connect ? _offer is null : type == PacketType.Auth && _authentication is not null;

    public void Take(in PacketHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Type == PacketType.Connect)
            TakeConnect(header, body);
        else
            TakeAuth(header, body);
    }

    private void TakeConnect(in PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = ConnectPacket.TryRead(header.Flags, body, out var packet);
        if (fault == ProtocolFault.None)
            fault = header.CheckLength(packet.Version);
        if (fault != ProtocolFault.None)
        {
            connection.Speaks(new ClientSettings(packet.Version));
            if (packet.Version == MqttVersion.V5 || fault is ProtocolFault.UnsupportedProtocolVersion)
                WriteConnAck(fault.ToReasonCode(), isPresent: false, default);
            connection.CloseFor(fault);
            return;
        }
        var refusal = ConnectOffer.TryRead(packet, broker, out _offer);
        connection.Speaks(_offer.Settings);
        if (refusal == ReasonCode.Success)
            refusal = broker.Admit();
        if (refusal != ReasonCode.Success)
            Refuse(refusal, refusal is ReasonCode.ConnectionRateExceeded or ReasonCode.QuotaExceeded ? DisconnectCause.ConnectionLimit : DisconnectCause.Refused);
        else if (_offer.Settings.AuthenticationMethod is { } method)
            BeginAuthentication(method, packet.Properties);
        else
            Decide(provenUser: null);
    }

    private void BeginAuthentication(string method, PropertyList properties)
    {
        _authentication = EnhancedAuthentication.For(method, broker.ScramCredentials);
        if (_authentication is null)
        {
            Refuse(ReasonCode.BadAuthenticationMethod, DisconnectCause.Refused);
            return;
        }
        properties.TryGetBytes(PropertyId.AuthenticationData, out var data);
        Continue(data);
    }

    private void TakeAuth(in PacketHeader header, ReadOnlySpan<byte> body)
    {
        var fault = AuthPacket.TryRead(header.Flags, body, connection.Version, out var packet);
        if (fault == ProtocolFault.None && (packet.Reason != ReasonCode.ContinueAuthentication || !EnhancedAuthentication.IsSameMethod(packet.Properties)))
            fault = ProtocolFault.UnexpectedPacket;
        if (fault != ProtocolFault.None)
        {
            WriteConnAck(fault.ToReasonCode(), isPresent: false, default);
            connection.CloseFor(fault);
            return;
        }
        packet.Properties.TryGetBytes(PropertyId.AuthenticationData, out var data);
        Continue(data);
    }

    private void Continue(ReadOnlySpan<byte> data)
    {
        switch (_authentication!.Step(data))
        {
            case AuthenticationStep.Challenge:
                _authentication.WriteAuth(connection, ReasonCode.ContinueAuthentication);
                break;
            case AuthenticationStep.Proven:
                Decide(_authentication.User);
                break;
            default:
                Refuse(ReasonCode.NotAuthorized, DisconnectCause.Refused);
                break;
        }
    }

    private void Decide(string? provenUser)
    {
        var request = _offer!.ToRequest(connection.Link.Info, provenUser);
        var abandoned = new CancellationTokenSource();
        var decision = broker.Access.ConnectAsync(request, abandoned.Token);
        if (decision.IsCompletedSuccessfully)
        {
            Finish(decision.Result);
            return;
        }
        _abandon = abandoned.Cancel;
        IsDeciding = true;
        connection.Hold(HoldReason.Deciding);
        _ = FinishLaterAsync(decision);
    }

    private async Task FinishLaterAsync(ValueTask<ConnectDecision> pending)
    {
        ConnectDecision decision;
        try
        {
            decision = await pending.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return; // the client is gone, or the access part gave up with it
        }
        catch (Exception fault)
        {
            broker.ReportAccessFault(fault);
            decision = new ConnectDecision(ConnectVerdict.NotAuthorized);
        }
        connection.Link.Post(() =>
        {
            IsDeciding = false;
            if (connection.ClosingSince != 0)
                return; // the time was up before the decision came
            Finish(decision);
            connection.Release(HoldReason.Deciding);
        });
    }

    private void Finish(ConnectDecision decision)
    {
        if (decision.Verdict != ConnectVerdict.Allowed || decision.Principal is not { } principal)
        {
            Refuse(ReasonOf(decision.Verdict), DisconnectCause.Refused);
            return;
        }
        var offer = _offer!;
        var will = offer.Will(principal);
        if (will is not null && !broker.Access.MayPublish(principal, will.Topic.Name))
        {
            Refuse(ReasonCode.NotAuthorized, DisconnectCause.Refused);
            return;
        }
        var window = Math.Min(offer.Settings.ReceiveMaximum, broker.Options.MaxInflight);
        var attached = broker.Sessions.Attach(connection, new SessionRequest(offer.ClientId, principal, offer.CleanStart, offer.ExpirySeconds, window, will));
        if (attached.Session is not { } session)
        {
            Refuse(attached.Refusal, attached.Refusal == ReasonCode.QuotaExceeded ? DisconnectCause.ConnectionLimit : DisconnectCause.Flapping);
            return;
        }
        connection.Connected(session, attached.IsPresent, offer.Settings, _authentication);
        Welcome(offer, attached.IsPresent);
        broker.OnConnected(connection);
        connection.Link.Wake();
    }

    private void Welcome(ConnectOffer offer, bool isPresent)
    {
        var properties = new PropertyWriter(stackalloc byte[512]);
        if (connection.Version == MqttVersion.V5)
        {
            offer.AddAnswer(ref properties, broker.Options);
            _authentication?.AddAnswer(ref properties);
        }
        WriteConnAck(ReasonCode.Success, isPresent, PropertyList.FromValidated(properties.Written));
        properties.Dispose();
    }

    private void Refuse(ReasonCode reason, DisconnectCause cause)
    {
        WriteConnAck(reason, isPresent: false, default);
        connection.BeginClosing(cause);
    }

    private void WriteConnAck(ReasonCode reason, bool isPresent, PropertyList properties) =>
        new ConnAckPacket { Reason = reason, SessionPresent = isPresent, Properties = properties }.Write(connection.Control, connection.Version);

    private static ReasonCode ReasonOf(ConnectVerdict verdict) => verdict switch
    {
        ConnectVerdict.BadCredentials => ReasonCode.BadUserNameOrPassword,
        ConnectVerdict.Banned => ReasonCode.Banned,
        _ => ReasonCode.NotAuthorized,
    };
}
