namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>How a broker goes down.</summary>
public enum Ending
{
    /// <summary>SIGTERM: it has the time to tidy up.</summary>
    Stop,

    /// <summary>SIGKILL.</summary>
    Kill,
}
