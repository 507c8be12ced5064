using System.Diagnostics;

namespace TelemetryHub.Server.Hosting;

/// <summary>The life of the process from the built application to the exit code.</summary>
internal static partial class HubRun
{
    /// <summary>Starts, says where it listens, and runs until it is told to stop.</summary>
    public static async Task<int> RunHubAsync(this WebApplicationBuilder builder, Action<WebApplication> map)
    {
        try
        {
            await using var app = builder.Build();
            map(app);
            await app.StartAsync();
            WriteReady(app.Services.GetRequiredService<ListenAddresses>());
            using var deadline = StopDeadline.Watch(app);
            await app.WaitForShutdownAsync();
            return (int)(AnyLoopFailed(app) ? ExitCode.Failed : ExitCode.Success);
        }
        catch (OperationCanceledException)
        {
            return (int)ExitCode.Success; // told to stop before it was ready
        }
        catch (Exception error) when (StartFailure.Describe(error) is { } reason)
        {
            await Console.Error.WriteLineAsync($"TelemetryHub {reason}");
            return (int)ExitCode.Failed;
        }
    }

    private static void WriteReady(ListenAddresses addresses)
    {
        using var process = Process.GetCurrentProcess();
        var elapsed = DateTime.Now - process.StartTime;
        Console.WriteLine($"TelemetryHub {HubCommand.Version} ready in {Math.Max(0, elapsed.TotalSeconds):F1} s");
        foreach (var (name, address) in addresses.All)
            Console.WriteLine($"  {name,-5} {address}");

        Console.Out.Flush();
    }

    /// <summary>A background loop that threw stops the host as if it had been asked to; the exit code has to tell the difference.</summary>
    private static bool AnyLoopFailed(WebApplication app)
    {
        var failures = app.Services.GetServices<IHostedService>()
            .OfType<BackgroundService>()
            .Where(service => service.ExecuteTask is { IsFaulted: true })
            .Select(service => service.ExecuteTask!.Exception!.GetBaseException())
            .ToList();
        failures.ForEach(failure => Log.LoopFailed(app.Logger, failure));
        return failures.Count > 0;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "A part of the hub failed; the hub had to stop")]
        public static partial void LoopFailed(ILogger logger, Exception failure);
    }
}
