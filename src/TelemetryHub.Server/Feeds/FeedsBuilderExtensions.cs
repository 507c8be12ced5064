using TelemetryHub.Core.Feeds;
using TelemetryHub.Server.Feeds.Polling;
using TelemetryHub.Server.Feeds.Publishing;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Feeds.Streams;
using TelemetryHub.Server.Feeds.WebSockets;

namespace TelemetryHub.Server.Feeds;

/// <summary>Puts the feeds and what carries them over HTTP into the application.</summary>
internal static class FeedsBuilderExtensions
{
    private const string Events = "/events";
    private const string Readers = "/api/readers";

    public static IHostApplicationBuilder AddFeeds(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => provider.GetRequiredService<FeedsOptions>().ToSettings());
        services.AddSingleton<FeedTable>();
        services.AddSingleton<Admission>();
        services.AddSingleton<RetryTimes>();
        services.AddSingleton<FeedRequestReader>();
        services.AddSingleton<Refusals>();
        services.AddSingleton<CrossOrigin>();
        services.AddSingleton<StreamUpkeep>();
        services.AddSingleton<StreamPlace>();
        services.AddSingleton<IFeedEndpoint, StreamEndpoint>();
        services.AddSingleton<SocketPlace>();
        services.AddSingleton<IFeedEndpoint, WebSocketEndpoint>();
        services.AddSingleton<PollBudget>();
        services.AddSingleton<IFeedEndpoint, PollEndpoint>();
        services.AddSingleton<EventsEndpoint>();
        services.AddSingleton<ReadersEndpoint>();
        services.AddPublishing();
        services.AddHostedService<FeedsLifetime>();
        return builder;
    }

    public static IEndpointRouteBuilder MapFeeds(this IEndpointRouteBuilder endpoints)
    {
        var origins = endpoints.ServiceProvider.GetRequiredService<CrossOrigin>();
        var events = endpoints.ServiceProvider.GetRequiredService<EventsEndpoint>();
        endpoints.MapMethods(Events, ["GET", "HEAD", "CONNECT", "OPTIONS"], origins.Guard(events.ServeAsync, "GET, HEAD, POST"));
        endpoints.MapPublishing(Events, origins);
        var readers = endpoints.ServiceProvider.GetRequiredService<ReadersEndpoint>();
        endpoints.MapMethods(Readers, ["GET", "HEAD", "OPTIONS"], origins.Guard(readers.ServeAsync, "GET, HEAD"));
        return endpoints;
    }
}
