using System.Diagnostics.CodeAnalysis;
using System.Text;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Broker.Connections;

/// <summary>What a CONNECT says, kept beyond the packet, and what the hub makes of it.</summary>
internal sealed class ConnectOffer
{
    private string? _user;
    private byte[]? _password;
    private WillOffer? _will;
    private bool _wantsResponseInformation;
    private ushort _askedKeepAlive;

    private ConnectOffer(ClientSettings settings) => Settings = settings;

    public ClientSettings Settings { get; }

    public string ClientId { get; private set; } = "";

    /// <summary>The client sent no id and was given one.</summary>
    public bool IsAssigned { get; private set; }

    public bool CleanStart { get; private set; }

    public uint ExpirySeconds { get; private set; }

    /// <summary>Reads the packet; a reason other than success says why the client cannot be let in. The settings are there in any case.</summary>
    public static ReasonCode TryRead(in ConnectPacket packet, MqttBroker broker, out ConnectOffer offer)
    {
        offer = new ConnectOffer(ReadSettings(packet, broker.Options))
        {
            ClientId = Encoding.UTF8.GetString(packet.ClientId),
            CleanStart = packet.CleanStart,
            _askedKeepAlive = packet.KeepAlive,
            _user = packet.HasUserName ? Encoding.UTF8.GetString(packet.UserName) : null,
            _password = packet.HasPassword ? packet.Password.ToArray() : null,
            _wantsResponseInformation = packet.Properties.TryGetNumber(PropertyId.RequestResponseInformation, out var wants) && wants == 1,
        };
        offer.ReadExpiry(packet, broker.Options);
        if (packet.ClientId.Length > broker.Options.MaxClientIdBytes)
            return ReasonCode.ClientIdentifierNotValid;
        if (offer.ClientId.Length == 0)
        {
            // MQTT 3.1 §3.1: there must be one. MQTT 3.1.1 §3.1.3.1: no id and no clean session is refused; there would be
            // nothing to find the session by.
            if (packet.Version == MqttVersion.V31 || (packet.Version == MqttVersion.V311 && !packet.CleanStart))
                return ReasonCode.ClientIdentifierNotValid;
            (offer.ClientId, offer.IsAssigned) = ($"auto-{Guid.NewGuid():N}", true);
        }
        return packet.HasWill ? WillOffer.TryRead(packet, broker, out offer._will) : ReasonCode.Success;
    }

    public ConnectRequest ToRequest(LinkInfo link, string? provenUser) => new()
    {
        ClientId = ClientId,
        User = _user,
        Password = _password,
        ProvenUser = provenUser,
        Certificate = link.ClientCertificate,
        Remote = link.Remote,
    };

    public Will? Will(Principal principal) => _will?.ToWill(principal);

    /// <summary>The properties of CONNACK: whatever differs from what the client asked for or may assume.</summary>
    public void AddAnswer(ref PropertyWriter properties, BrokerOptions options)
    {
        if (IsAssigned)
            properties.Text(PropertyId.AssignedClientIdentifier, ClientId);
        if (ExpirySeconds != 0 && ExpirySeconds > options.MaxSessionExpiry.TotalSeconds)
            properties.Number(PropertyId.SessionExpiryInterval, (uint)options.MaxSessionExpiry.TotalSeconds);
        if (Settings.KeepAlive != _askedKeepAlive)
            properties.Number(PropertyId.ServerKeepAlive, Settings.KeepAlive);
        properties.Number(PropertyId.ReceiveMaximum, (uint)options.ReceiveMaximum);
        properties.Number(PropertyId.MaximumPacketSize, (uint)options.MaxPacketBytes);
        if (options.TopicAliasMaximum > 0)
            properties.Number(PropertyId.TopicAliasMaximum, (uint)options.TopicAliasMaximum);
        if (_wantsResponseInformation)
            properties.Text(PropertyId.ResponseInformation, $"response/{ClientId}");
    }

    private static ClientSettings ReadSettings(in ConnectPacket packet, BrokerOptions options)
    {
        var properties = packet.Properties;
        var limit = (ushort)Math.Min(options.MaxKeepAlive.TotalSeconds, ushort.MaxValue);
        var keepAlive = limit > 0 && packet.Version == MqttVersion.V5 && (packet.KeepAlive == 0 || packet.KeepAlive > limit) ? limit : packet.KeepAlive;
        return new ClientSettings(packet.Version)
        {
            KeepAlive = keepAlive,
            IsBridge = packet.IsBridge,
            MaxPacketBytes = properties.TryGetNumber(PropertyId.MaximumPacketSize, out var size) ? size : uint.MaxValue,
            ReceiveMaximum = properties.TryGetNumber(PropertyId.ReceiveMaximum, out var receive) ? (ushort)receive : ushort.MaxValue,
            TopicAliasMaximum = properties.TryGetNumber(PropertyId.TopicAliasMaximum, out var aliases) ? (ushort)aliases : (ushort)0,
            AuthenticationMethod = properties.TryGetBytes(PropertyId.AuthenticationMethod, out var method) ? Encoding.UTF8.GetString(method) : null,
        };
    }

    // MQTT 3: a session that is not clean lives as long as the hub allows.
    private void ReadExpiry(in ConnectPacket packet, BrokerOptions options)
    {
        if (packet.Version != MqttVersion.V5)
            ExpirySeconds = packet.CleanStart ? 0 : (uint)options.MaxSessionExpiry.TotalSeconds;
        else if (packet.Properties.TryGetNumber(PropertyId.SessionExpiryInterval, out var seconds))
            ExpirySeconds = seconds;
    }
}
