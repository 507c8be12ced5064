namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>What the broker is doing when it is killed.</summary>
internal enum KillMoment
{
    /// <summary>Publishers and subscribers are busy; some time later than the last start.</summary>
    UnderLoad,

    /// <summary>Everything is acknowledged, nothing is on its way.</summary>
    WhileIdle,

    /// <summary>It is starting again after a kill under load, reads what it kept, or is just meeting its clients.</summary>
    WhileStarting,
}
