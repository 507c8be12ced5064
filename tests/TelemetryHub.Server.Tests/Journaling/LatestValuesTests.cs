using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt.Topics;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Journaling;

namespace TelemetryHub.Server.Tests.Journaling;

public sealed class LatestValuesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_latest_value_of_a_topic_is_known_after_a_restart_though_it_was_not_retained()
    {
        await using (var app = await StartAsync())
        {
            Publish(app, "plant/1/temp", "20.5");
            Publish(app, "plant/1/temp", "21.5");
            Publish(app, "plant/2/temp", "7");
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        await using var restarted = await StartAsync();
        await restarted.Services.GetServices<IHostedService>().OfType<LatestValues>().Single().Reading;

        var found = restarted.Services.GetRequiredService<TopicTable>().Find(TopicFilter.Parse("plant/+/temp"));
        found.ToDictionary(topic => topic.ToString(), topic => Encoding.UTF8.GetString(topic.Latest!.Payload))
            .ShouldBe(new Dictionary<string, string> { ["plant/1/temp"] = "21.5", ["plant/2/temp"] = "7" }, ignoreOrder: true);
        await restarted.StopAsync(TestContext.Current.CancellationToken);
    }

    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Hub:Data", _folder["data"]), new("Mqtt:Listen:0", "127.0.0.1:0"), new("urls", "http://127.0.0.1:0")]);
        builder.AddTelemetryHub();
        var app = builder.Build();
        app.MapTelemetryHub();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static void Publish(WebApplication app, string topic, string payload)
    {
        var @event = new Event
        {
            Topic = app.Services.GetRequiredService<TopicTable>().Get(TopicName.Parse(topic)),
            Payload = Encoding.UTF8.GetBytes(payload),
            Publisher = new Principal("device", null),
            Time = 1,
        };
        app.Services.GetRequiredService<ILog>().TryAppend(@event, out _).ShouldBe(AppendResult.Appended);
        app.Services.GetRequiredService<Router>().Pump();
    }
}
