using TelemetryHub.Mqtt.Properties;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Packets;

/// <summary>Reads the body of a CONNECT, field after field.</summary>
internal ref struct ConnectReader(ReadOnlySpan<byte> body)
{
    private BodyReader _reader = new(body);
    private MqttVersion _version = MqttVersion.V311;
    private bool _isBridge;
    private ConnectFlags _flags;
    private ushort _keepAlive;
    private PropertyList _properties;
    private ReadOnlySpan<byte> _clientId;
    private PropertyList _willProperties;
    private ReadOnlySpan<byte> _willTopic;
    private ReadOnlySpan<byte> _willPayload;
    private ReadOnlySpan<byte> _userName;
    private ReadOnlySpan<byte> _password;

    public ProtocolFault TryRead(out ConnectPacket packet)
    {
        var fault = ReadProtocol();
        if (fault == ProtocolFault.None)
            fault = ReadFlags();
        if (fault == ProtocolFault.None)
            fault = ReadSession();
        if (fault == ProtocolFault.None && Has(ConnectFlags.Will))
            fault = ReadWill();
        if (fault == ProtocolFault.None)
            fault = ReadCredentials();
        if (fault == ProtocolFault.None)
            fault = _reader.AtEnd;
        packet = fault == ProtocolFault.None ? ToPacket() : new ConnectPacket { Version = _version };
        return fault;
    }

    private readonly bool Has(ConnectFlags flag) => (_flags & flag) != 0;

    private ProtocolFault ReadProtocol()
    {
        var fault = _reader.Block(out var name);
        if (fault != ProtocolFault.None)
            return fault;
        return _reader.TryByte(out var level)
            ? ProtocolLevel.Decide(name, level, out _version, out _isBridge)
            : ProtocolFault.Truncated;
    }

    private ProtocolFault ReadFlags()
    {
        if (!_reader.TryByte(out var raw) || !_reader.TryUInt16(out _keepAlive))
            return ProtocolFault.Truncated;

        _flags = (ConnectFlags)raw;
        if (_version == MqttVersion.V31)
        {
            // MQTT 3.1 §3.1: the reserved bit, and the bits of a will that is not there, mean nothing.
            _flags &= ~ConnectFlags.Reserved;
            if (!Has(ConnectFlags.Will))
                _flags &= ~(ConnectFlags.WillQoS | ConnectFlags.WillRetain);
        }

        if (Has(ConnectFlags.Reserved))
            return ProtocolFault.ReservedConnectFlag;
        if (!Has(ConnectFlags.Will) && Has(ConnectFlags.WillQoS | ConnectFlags.WillRetain))
            return ProtocolFault.WillFlagsWithoutWill;
        if ((_flags & ConnectFlags.WillQoS) == ConnectFlags.WillQoS)
            return ProtocolFault.InvalidQoS;
        return _version != MqttVersion.V5 && Has(ConnectFlags.Password) && !Has(ConnectFlags.UserName)
            ? ProtocolFault.PasswordWithoutUserName
            : ProtocolFault.None;
    }

    private ProtocolFault ReadSession()
    {
        var fault = _reader.Properties(_version, PropertyScope.Connect, out _properties);
        return fault == ProtocolFault.None ? _reader.Text(out _clientId) : fault;
    }

    private ProtocolFault ReadWill()
    {
        var fault = _reader.Properties(_version, PropertyScope.Will, out _willProperties);
        if (fault == ProtocolFault.None)
            fault = _reader.Text(out _willTopic);
        if (fault != ProtocolFault.None)
            return fault;
        if (_willTopic.IsEmpty)
            return ProtocolFault.EmptyWillTopic;
        return TopicName.IsValid(_willTopic) ? _reader.Block(out _willPayload) : ProtocolFault.InvalidTopicName;
    }

    private ProtocolFault ReadCredentials()
    {
        ForgetIfMissing(ConnectFlags.UserName | ConnectFlags.Password);
        var fault = Has(ConnectFlags.UserName) ? _reader.Text(out _userName) : ProtocolFault.None;
        if (fault != ProtocolFault.None)
            return fault;
        ForgetIfMissing(ConnectFlags.Password);
        return Has(ConnectFlags.Password) ? _reader.Block(out _password) : ProtocolFault.None;
    }

    /// <summary>MQTT 3.1 §3.1: the remaining length takes precedence over the flags; a flag without its string is valid.</summary>
    private void ForgetIfMissing(ConnectFlags flags)
    {
        if (_version == MqttVersion.V31 && _reader.IsEmpty)
            _flags &= ~flags;
    }

    private readonly ConnectPacket ToPacket() => new()
    {
        Version = _version,
        IsBridge = _isBridge,
        CleanStart = Has(ConnectFlags.CleanStart),
        KeepAlive = _keepAlive,
        Properties = _properties,
        ClientId = _clientId,
        HasWill = Has(ConnectFlags.Will),
        WillQoS = (QoS)((int)(_flags & ConnectFlags.WillQoS) >> 3),
        WillRetain = Has(ConnectFlags.WillRetain),
        WillProperties = _willProperties,
        WillTopic = _willTopic,
        WillPayload = _willPayload,
        HasUserName = Has(ConnectFlags.UserName),
        UserName = _userName,
        HasPassword = Has(ConnectFlags.Password),
        Password = _password,
    };
}
