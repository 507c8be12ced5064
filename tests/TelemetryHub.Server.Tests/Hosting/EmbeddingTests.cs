using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Mqtt;

namespace TelemetryHub.Server.Tests.Hosting;

public class EmbeddingTests
{
    [Fact]
    public async Task The_hub_runs_inside_somebody_elses_application()
    {
        using var folder = new TemporaryFolder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(Settings(
            ("Hub:Data", folder["data"]), ("Mqtt:Listen:0", "127.0.0.1:0"), ("Mqtt:MaxInflight", "7"), ("Log:Whatever", "is not ours"), ("urls", "http://127.0.0.1:0")));
        builder.AddTelemetryHub();
        await using var app = builder.Build();
        app.MapTelemetryHub();
        await app.StartAsync(TestContext.Current.CancellationToken);

        app.Services.GetRequiredService<MqttOptions>().MaxInflight.ShouldBe(7);
        using var client = new HttpClient();
        (await client.GetStringAsync(app.Urls.First() + "/health/live", TestContext.Current.CancellationToken)).ShouldBe("live\n");
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_wrong_key_of_ours_is_told_there_too()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(Settings(("Mqtt:Lisen", "127.0.0.1:0"), ("Hub:StopTimeout", "soon")));

        var problems = Should.Throw<ConfigurationException>(() => builder.AddTelemetryHub()).Problems;

        problems.Select(problem => problem.Subject).ShouldBe(["Hub:StopTimeout", "Mqtt:Lisen"]);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Settings(params (string Key, string Value)[] settings) =>
        settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value));
}
