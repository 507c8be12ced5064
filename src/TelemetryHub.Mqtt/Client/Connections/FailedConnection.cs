using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using TelemetryHub.Mqtt.Client.Authentication;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>Tells from an exception how an attempt to connect, or a connection, ended.</summary>
internal static class FailedConnection
{
    public static ConnectionEnd EndOf(Exception error) => error switch
    {
        MqttRefusedException refused => new ConnectionEnd(DisconnectCause.Refused)
        {
            Reason = refused.Reason,
            ReasonString = refused.Result?.ReasonString,
            ServerReference = refused.Result?.ServerReference,
            UserProperties = refused.Result?.UserProperties ?? [],
            Error = refused,
        },
        MqttDisconnectedException { End: { } end } => end,
        MqttAuthenticationException => new ConnectionEnd(DisconnectCause.AuthenticationFailed) { Error = error },
        OperationCanceledException => new ConnectionEnd(DisconnectCause.ConnectTimedOut),
        _ => new ConnectionEnd(IsExpected(error) ? DisconnectCause.TransportFailed : DisconnectCause.ClientFailed) { Error = error },
    };

    public static MqttDisconnectedException Violated(ProtocolFault fault) => new(
        "The server broke the protocol",
        new ConnectionEnd(DisconnectCause.ProtocolViolated) { Fault = fault, Reason = fault.ToReasonCode() });

    /// <summary>A packet that is well-formed and still has no business here.</summary>
    public static MqttDisconnectedException Violated(ReasonCode reason) => new(
        "The server broke the protocol", new ConnectionEnd(DisconnectCause.ProtocolViolated) { Reason = reason });

    /// <summary>What networks throw; anything else is a bug and must not pass as a bad connection.</summary>
    public static bool IsExpected(Exception error) => error
        is IOException or SocketException or WebSocketException or AuthenticationException or MqttException
        or OperationCanceledException or HttpRequestException or ObjectDisposedException or InvalidDataException;
}
