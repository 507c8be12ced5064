using System.Text;
using TelemetryHub.Broker.Authentication;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Broker.Connections;

/// <summary>
/// SCRAM-SHA-256 over CONNECT and AUTH (MQTT 5 §4.12), and again while connected. Owned by its connection.
/// A message costs two hashes, no iterations: it is computed where it arrives.
/// </summary>
internal sealed class EnhancedAuthentication
{
    private readonly IScramCredentials _credentials;
    private ScramConversation? _conversation;
    private byte[]? _answer;

    private EnhancedAuthentication(IScramCredentials credentials)
    {
        _credentials = credentials;
        _conversation = new ScramConversation(credentials);
    }

    /// <summary>Who was proven.</summary>
    public string? User { get; private set; }

    /// <summary>Null when the method is not ours, or nobody could pass it.</summary>
    public static EnhancedAuthentication? For(string method, IScramCredentials? credentials) =>
        method == ScramConversation.Method && credentials is not null ? new EnhancedAuthentication(credentials) : null;

    /// <summary>MQTT 5 §4.12.0-5: every packet of the conversation names the method that CONNECT named.</summary>
    public static bool IsSameMethod(PropertyList properties) =>
        properties.TryGetBytes(PropertyId.AuthenticationMethod, out var method) && method.SequenceEqual("SCRAM-SHA-256"u8);

    /// <summary>Takes the client's next message.</summary>
    public AuthenticationStep Step(ReadOnlySpan<byte> data)
    {
        if (_conversation is null)
            return AuthenticationStep.Failed;
        var result = _conversation.Next(data);
        _answer = result.Reply;
        if (result.Status == ScramStatus.Continue)
            return AuthenticationStep.Challenge;
        var user = _conversation.User;
        _conversation = null;
        // MQTT 5 §4.12.1: proving oneself again is no way to become somebody else.
        if (result.Status != ScramStatus.Succeeded || (User is not null && User != user))
            return AuthenticationStep.Failed;
        User = user;
        return AuthenticationStep.Proven;
    }

    /// <summary>An AUTH from a client that is connected: begins a conversation, or goes on with it.</summary>
    public ProtocolFault Again(Connection connection, in AuthPacket packet)
    {
        if (!IsSameMethod(packet.Properties))
            return ProtocolFault.UnexpectedPacket;
        if (packet.Reason == ReasonCode.ReAuthenticate)
            _conversation = new ScramConversation(_credentials);
        else if (packet.Reason != ReasonCode.ContinueAuthentication || _conversation is null)
            return ProtocolFault.UnexpectedPacket;
        packet.Properties.TryGetBytes(PropertyId.AuthenticationData, out var data);
        var step = Step(data);
        if (step == AuthenticationStep.Failed)
            connection.Close(DisconnectCause.Refused, ReasonCode.NotAuthorized);
        else
            WriteAuth(connection, step == AuthenticationStep.Proven ? ReasonCode.Success : ReasonCode.ContinueAuthentication);
        return ProtocolFault.None;
    }

    /// <summary>Writes the answer as an AUTH packet.</summary>
    public void WriteAuth(Connection connection, ReasonCode reason)
    {
        var properties = new PropertyWriter(stackalloc byte[512]);
        AddAnswer(ref properties);
        new AuthPacket { Reason = reason, Properties = PropertyList.FromValidated(properties.Written) }.Write(connection.Control, connection.Version);
        properties.Dispose();
    }

    /// <summary>Adds the method and the last answer: to CONNACK it brings the server's own proof.</summary>
    public void AddAnswer(ref PropertyWriter properties)
    {
        properties.Text(PropertyId.AuthenticationMethod, "SCRAM-SHA-256"u8);
        if (_answer is { Length: > 0 })
            properties.Text(PropertyId.AuthenticationData, _answer);
    }
}
