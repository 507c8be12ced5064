using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Tests.Hosting;

public sealed class HealthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_wrong_is_ready() => HealthEndpoints.Readiness([new Part()]).ShouldBe((true, "ready\n"));

    [Fact]
    public void Every_reason_has_a_line_of_its_own() =>
        HealthEndpoints.Readiness([new Part("the disk is full"), new Part(), new Part("InfluxDB is away")])
            .ShouldBe((false, "the disk is full\nInfluxDB is away\n"));

    [Fact]
    public void A_warning_is_told_and_changes_nothing()
    {
        HealthEndpoints.Readiness([new Part(warning: "a segment is damaged")]).ShouldBe((true, "ready\nwarning: a segment is damaged\n"));
        HealthEndpoints.Readiness([new Part("full", "damaged")]).ShouldBe((false, "full\nwarning: damaged\n"));
    }

    [Fact]
    public async Task Readiness_follows_what_the_parts_say()
    {
        var part = new Part();
        await using var app = await StartAsync(part);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        (await GetAsync(client)).ShouldBe((HttpStatusCode.OK, "ready\n"));
        part.Problem = "the disk is full";
        (await GetAsync(client)).ShouldBe((HttpStatusCode.ServiceUnavailable, "the disk is full\n"));
        part.Problem = null;
        (await GetAsync(client)).ShouldBe((HttpStatusCode.OK, "ready\n"));

        await app.StopAsync(TestContext.Current.CancellationToken);
        HealthEndpoints.Readiness(app.Services.GetServices<IReadinessCheck>()).ShouldBe((false, "the hub is stopping\n"));
    }

    [Fact]
    public async Task Who_asks_before_everything_has_started_is_told_so()
    {
        var told = new TaskCompletionSource<string>();
        var builder = Builder(new Part());
        builder.Services.AddHostedService(services => new OnStart(
            () => told.SetResult(HealthEndpoints.Readiness(services.GetServices<IReadinessCheck>()).Text)));
        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

        (await told.Task).ShouldBe("the hub is starting\n");
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private WebApplicationBuilder Builder(Part part)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Hub:Data", _folder["data"]), new("Mqtt:Listen:0", "127.0.0.1:0"), new("urls", "http://127.0.0.1:0")]);
        builder.AddTelemetryHub();
        builder.Services.AddSingleton<IReadinessCheck>(part);
        return builder;
    }

    private async Task<WebApplication> StartAsync(Part part)
    {
        var app = Builder(part).Build();
        app.MapTelemetryHub();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private sealed class Part(string? problem = null, string? warning = null) : IReadinessCheck
    {
        public string? Problem { get; set; } = problem;

        public string? Warning => warning;
    }

    private sealed class OnStart(Action action) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            action();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
