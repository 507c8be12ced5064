using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Hosting;

/// <summary>What our own process has around the hub and an embedding application brings itself.</summary>
internal static class ProcessBuilderExtensions
{
    /// <summary>The stop time-out; and silence about what the ready lines say better.</summary>
    public static WebApplicationBuilder AddProcess(this WebApplicationBuilder builder, HubConfiguration configuration)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = configuration.Get<HubOptions>().StopTimeout);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        return builder;
    }
}
