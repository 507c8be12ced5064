using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TelemetryHub.EndToEnd.Tests.OwnClient;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Client;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.EndToEnd.Tests.Embedding;

/// <summary>The hub inside somebody else's web application, which has pages of its own.</summary>
public sealed class EmbeddedHubTests
{
    [Fact]
    public async Task An_application_serves_its_own_pages_and_MQTT_over_TCP_and_WebSocket_and_stops_cleanly()
    {
        using var complaints = new RecordedComplaints();
        await using var app = await StartAsync(complaints);
        var http = new Uri(app.Urls.Single());
        var mqtt = app.Services.GetRequiredService<ListenAddresses>().All.Single(listener => listener.Name == "mqtt").Address;

        await using var device = await OneConnection.MakeAsync(ClientOptions.For(IPEndPoint.Parse(mqtt).Port));
        await using var page = await OneConnection.MakeAsync(new MqttClientOptions { Uri = new Uri($"ws://{http.Authority}/mqtt") });
        using var browser = new HttpClient { BaseAddress = http };
        (await browser.GetStringAsync("/", TestContext.Current.CancellationToken)).ShouldBe("the application's own page");
        await ExchangeAsync(device.Client, page.Client);
        await ExchangeAsync(page.Client, device.Client);

        await Patience.For(app.StopAsync(TestContext.Current.CancellationToken), "the application's end", TimeSpan.FromSeconds(10));

        (await device.EndAsync()).Reason.ShouldBe(ReasonCode.ServerShuttingDown);
        (await page.EndAsync()).Reason.ShouldBe(ReasonCode.ServerShuttingDown);
        complaints.Lines.ShouldBeEmpty();
    }

    private static async Task<WebApplication> StartAsync(RecordedComplaints complaints)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().AddProvider(complaints);
        builder.Configuration.AddInMemoryCollection([new("urls", "http://127.0.0.1:0"), new("Mqtt:Listen", "127.0.0.1:0")]);
        builder.AddTelemetryHub();
        var app = builder.Build();
        app.MapGet("/", () => "the application's own page");
        app.MapTelemetryHub();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task ExchangeAsync(MqttClient publisher, MqttClient subscriber)
    {
        var topic = Unique.Topic("embedded");
        await subscriber.FollowAsync(topic, QoS.ExactlyOnce);
        await publisher.SayAsync(topic, "hello", QoS.ExactlyOnce);
        (await subscriber.NextAsync()).Text().ShouldBe("hello");
    }
}
