using TelemetryHub.EndToEnd.Tests.Durability;

namespace TelemetryHub.Browser.Tests.Publishers;

/// <summary>Starting a hub, for tests that end it.</summary>
internal static class HubStart
{
    /// <summary>Starts it and waits until it is ready.</summary>
    public static Task LaunchAsync(this RestartableHub hub)
    {
        hub.Launch();
        return hub.ReadyAsync();
    }
}
