namespace TelemetryHub.Broker.Authentication;

/// <summary>Where a SCRAM conversation stands after a message.</summary>
public enum ScramStatus : byte
{
    /// <summary>Send the reply and wait for the client's next message.</summary>
    Continue,

    /// <summary>The client knows the password. The reply proves that the hub knows the user.</summary>
    Succeeded,

    /// <summary>It is over. The reply is SCRAM's word for why.</summary>
    Failed,
}
