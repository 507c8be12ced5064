namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>What became of a packet given to the <see cref="Outbox"/>.</summary>
internal enum WriteOutcome
{
    Written,

    /// <summary>So much waits for the socket that nothing more is taken for now.</summary>
    NoRoom,

    /// <summary>Larger than the server takes.</summary>
    TooLarge,

    /// <summary>The connection ends.</summary>
    Closed,
}
