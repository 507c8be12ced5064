using TelemetryHub.Server.Feeds;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Http;
using TelemetryHub.Server.Journaling;
using TelemetryHub.Server.Logging;
using TelemetryHub.Server.Mqtt;

namespace TelemetryHub.Server.Configuration;

/// <summary>The list of all options classes.</summary>
internal static class KnownKeys
{
    /// <summary>What the hub itself needs, wherever it runs.</summary>
    public static ConfigurationKeys OfTheHub() => new ConfigurationKeys()
        .Add<HubOptions>("Hub")
        .Add<MqttOptions>("Mqtt")
        .Add<JournalOptions>("Journal")
        .Add<FeedsOptions>("Feeds");

    /// <summary>The same and what the process around it needs; an application that embeds the hub has its own ways for that.</summary>
    public static ConfigurationKeys OfTheProcess() => OfTheHub()
        .Add<HttpOptions>("Http")
        .Add<LogOptions>("Log");
}
