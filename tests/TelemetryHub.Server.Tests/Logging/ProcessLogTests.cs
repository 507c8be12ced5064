using Microsoft.Extensions.Logging;
using Serilog.Extensions.Logging;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Logging;

namespace TelemetryHub.Server.Tests.Logging;

public sealed partial class ProcessLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_is_logged_stands_in_the_file_at_the_end_without_the_chatter_of_the_web_server()
    {
        var file = Path.Combine(_folder.FullName, "new", "hub.log");
        using (var provider = new SerilogLoggerProvider(Open(file), dispose: true))
        {
            Log.Happened(provider.CreateLogger("TelemetryHub.Broker.Session"), "ours");
            Log.Happened(provider.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics"), "a request");
            Log.Detail(provider.CreateLogger("TelemetryHub.Broker.Session"), "a detail");
        }

        File.ReadAllLines(file).ShouldHaveSingleItem().ShouldEndWith(" INF Broker.Session: ours happened");
    }

    private static Serilog.Core.Logger Open(string file) =>
        ProcessLogging.CreateLogger(new LogOptions { File = new FilePath(file) });

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{What} happened")]
        public static partial void Happened(ILogger logger, string what);

        [LoggerMessage(LogLevel.Debug, "{What} happened")]
        public static partial void Detail(ILogger logger, string what);
    }
}
