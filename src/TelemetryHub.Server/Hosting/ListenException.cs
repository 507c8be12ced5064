using System.Net;
using System.Net.Sockets;

namespace TelemetryHub.Server.Hosting;

/// <summary>An address of the configuration cannot be listened on. The message is for the user, a stack trace is of no use to him.</summary>
public sealed class ListenException(EndPoint endpoint, SocketException cause)
    : IOException($"cannot listen on {endpoint}: {Reason(cause.SocketErrorCode, cause.Message)}", cause)
{
    private static string Reason(SocketError error, string message) => error switch
    {
        SocketError.AddressAlreadyInUse => "another program uses this address",
        SocketError.AddressNotAvailable => "this machine does not have this address",
        SocketError.AccessDenied => "not allowed for this user",
        _ => message,
    };
}
