using TelemetryHub.EndToEnd.Tests.Brokers;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>A broker that goes down and starts again, on the same data and at the same address: clients come back by themselves.</summary>
internal interface IRestartable : IAsyncDisposable
{
    /// <summary>Whether it is the hub, which promises more than Mosquitto.</summary>
    bool IsHub { get; }

    Listener Mqtt { get; }

    /// <summary>Starts the process and does not wait for anything.</summary>
    void Launch();

    /// <summary>Waits until clients are served.</summary>
    Task ReadyAsync();

    /// <summary>Asks it to end, and expects that it does so cleanly.</summary>
    Task StopAsync();

    /// <summary>The hardest end that this broker promises to survive.</summary>
    Task KillAsync();
}
