using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;
using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Logging;

/// <summary>Serilog behind <see cref="ILogger"/>: console and file, written in the background.</summary>
internal static class ProcessLogging
{
    private const long FileBytes = 64 << 20;
    private const int FilesKept = 8;

    /// <summary>Adds the logging of our own process.</summary>
    public static WebApplicationBuilder AddProcessLogging(this WebApplicationBuilder builder, HubConfiguration configuration)
    {
        var options = configuration.Get<LogOptions>();
        builder.Logging.ClearProviders().SetMinimumLevel(options.Level);

        // By a factory, so that the container disposes it: that is what writes the last lines.
        builder.Services.AddSingleton<ILoggerProvider>(_ => new SerilogLoggerProvider(CreateLogger(options), dispose: true));
        return builder;
    }

    internal static Logger CreateLogger(LogOptions options) => new LoggerConfiguration()
        .MinimumLevel.Is(LevelConvert.ToSerilogLevel(options.Level))
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .Filter.ByExcluding(IsToldOtherwise)
        .WriteTo.Sink(new BackgroundSink(CreateTarget(options)))
        .CreateLogger();

    /// <summary>Why the hub did not start is printed in one line (<c>StartFailure</c>); these two say the same with a stack trace.</summary>
    private static bool IsToldOtherwise(LogEvent logEvent) =>
        logEvent.MessageTemplate.Text is "Unable to start Kestrel." or "Hosting failed to start";

    private static Logger CreateTarget(LogOptions options)
    {
        ITextFormatter format = options.Format == LogFormat.Json ? new JsonLine() : new TextLine();

        // Standard error for all levels: standard output has the lines that say where the hub listens, and nothing else.
        var target = new LoggerConfiguration().MinimumLevel.Verbose()
            .WriteTo.Console(format, standardErrorFromLevel: LogEventLevel.Verbose);
        if (!options.File.IsEmpty)
            AddFile(target, format, options.File.Value!);

        return target.CreateLogger();
    }

    private static void AddFile(LoggerConfiguration target, ITextFormatter format, string path)
    {
        // Serilog would go on without the file, and nobody would notice until the lines are needed.
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        File.Open(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite).Dispose();

        target.WriteTo.File(
            format, path, fileSizeLimitBytes: FileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: FilesKept);
    }
}
