using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Http;
using TelemetryHub.Server.Logging;
using TelemetryHub.Server.Page;

// A tool, --help, --version, --check, or a configuration that is wrong: no hub to run.
if (!HubCommand.TryRead(args, out var configuration, out var exitCode))
    return exitCode;

var builder = WebApplication.CreateEmptyBuilder(new());
builder.AddProcess(configuration);
builder.AddProcessLogging(configuration);
builder.AddHttp(configuration);
builder.AddTelemetryHub(configuration);

return await builder.RunHubAsync(app => app.MapTelemetryHub().MapTelemetryHubPage());
