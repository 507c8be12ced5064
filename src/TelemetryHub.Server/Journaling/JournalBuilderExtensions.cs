using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Log;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Journaling;

/// <summary>Puts the data directory and the log in it into the application.</summary>
internal static class JournalBuilderExtensions
{
    public static IHostApplicationBuilder AddJournal(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IDisk, LocalDisk>();
        services.AddSingleton(provider => new DataDirectory(provider.GetRequiredService<IDisk>(), provider.GetRequiredService<HubOptions>().Data.Value!));
        services.AddSingleton(provider => Journal.Open(
            provider.GetRequiredService<IDisk>(),
            provider.GetRequiredService<DataDirectory>(),
            provider.GetRequiredService<JournalOptions>().ToSettings(),
            provider.GetRequiredService<TopicTable>(),
            StateParts.All,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Journal>>()));
        services.AddSingleton<ILog>(provider => provider.GetRequiredService<Journal>());
        services.AddSingleton<IReadinessCheck, JournalReadiness>();
        services.AddHostedService<LatestValues>();
        return builder;
    }
}
