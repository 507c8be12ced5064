using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace TelemetryHub.Core.Access;

/// <summary>What a client shows when it asks to be let in.</summary>
public sealed class ConnectRequest
{
    /// <summary>The client id, assigned by now if the client sent none.</summary>
    public required string ClientId { get; init; }

    /// <summary>The user name as sent; null when none was.</summary>
    public string? User { get; init; }

    /// <summary>The password as sent; null when none was. Never to be logged.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>The user that an enhanced authentication has proved already; then the password is of no interest.</summary>
    public string? ProvenUser { get; init; }

    /// <summary>The verified client certificate, if TLS gave one.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The peer's address.</summary>
    public IPEndPoint? Remote { get; init; }
}
