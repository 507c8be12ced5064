using TelemetryHub.Core.Feeds;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>Puts publishing over HTTP into the application.</summary>
internal static class PublishBuilderExtensions
{
    public static IServiceCollection AddPublishing(this IServiceCollection services)
    {
        services.AddSingleton<Publisher>();
        services.AddSingleton(provider => new PublishEndpoint(
            provider.GetRequiredService<Publisher>(),
            provider.GetRequiredService<FeedTable>().Epoch,
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>Serves POST at this address, where each line of a body names its topic, and below it, where the path does.</summary>
    public static IEndpointRouteBuilder MapPublishing(this IEndpointRouteBuilder endpoints, string address, CrossOrigin origins)
    {
        var endpoint = endpoints.ServiceProvider.GetRequiredService<PublishEndpoint>();
        // Any page can post text to any address without asking first: here its origin decides.
        var publish = origins.Guard(endpoint.ServeAsync, "POST");
        endpoints.MapPost(address, publish);
        endpoints.MapMethods(address + "/{**topic}", ["POST", "OPTIONS"], publish);
        return endpoints;
    }
}
