using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Hosting;

/// <summary>The hub as a whole: section <c>Hub</c>.</summary>
public sealed class HubOptions
{
    [Key("folder for what the hub keeps")]
    public FilePath Data { get; init; } = new("./data");

    [Key("listen on addresses that other machines can reach although everybody is let in")]
    public bool AllowAnonymousRemote { get; init; }

    [Key("time for a clean stop; after it the process ends anyway", Min = "1s", Max = "1h")]
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
