using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Configuration.Sources;
using TelemetryHub.Server.Feeds;
using TelemetryHub.Server.Journaling;
using TelemetryHub.Server.Mqtt;
using TelemetryHub.Server.Page;

namespace TelemetryHub.Server.Hosting;

/// <summary>Puts the hub into an application: ours, or somebody else's.</summary>
public static class HubBuilderExtensions
{
    /// <summary>
    /// Adds the whole hub, configured by the sections <c>Hub</c>, <c>Mqtt</c>, <c>Journal</c> and <c>Feeds</c> of the application's configuration.
    /// HTTP addresses and logging stay the application's business.
    /// </summary>
    /// <exception cref="ConfigurationException">Some key is unknown or has a wrong value; all of them are listed.</exception>
    public static IHostApplicationBuilder AddTelemetryHub(this IHostApplicationBuilder builder)
    {
        var keys = KnownKeys.OfTheHub();
        var problems = new List<ConfigurationProblem>();
        var configuration = HubConfiguration.Read(keys, [EmbeddedSource.Read(builder.Configuration, keys.Sections)], problems);
        return problems.Count == 0 ? builder.AddTelemetryHub(configuration) : throw new ConfigurationException(problems);
    }

    /// <summary>Adds the whole hub with a configuration that is read already.</summary>
    internal static IHostApplicationBuilder AddTelemetryHub(this IHostApplicationBuilder builder, HubConfiguration configuration)
    {
        builder.Services.AddSingleton(configuration);
        foreach (var options in configuration.Options)
            builder.Services.AddSingleton(options.GetType(), options);

        builder.Services.AddSingleton<ListenAddresses>();
        builder.Services.AddSingleton<IReadinessCheck, RunningCheck>();
        builder.AddJournal();
        builder.AddMqtt();
        builder.AddFeeds(); // behind MQTT: parts stop in the opposite order, and no reader is to wait for the clients
        return builder;
    }

    /// <summary>Maps what the hub serves over HTTP.</summary>
    public static IEndpointRouteBuilder MapTelemetryHub(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealth();
        endpoints.MapFeeds();
        endpoints.MapMqttWebSocket();
        endpoints.MapClient();
        return endpoints;
    }
}
