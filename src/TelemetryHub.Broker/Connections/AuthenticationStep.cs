namespace TelemetryHub.Broker.Connections;

/// <summary>Where an enhanced authentication stands after a message of the client.</summary>
internal enum AuthenticationStep : byte
{
    /// <summary>It goes on: the answer must be sent.</summary>
    Challenge,

    /// <summary>The user is proven; the answer is the server's own proof.</summary>
    Proven,

    /// <summary>It is over, and failed.</summary>
    Failed,
}
