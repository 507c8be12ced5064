using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TelemetryHub.Server.Tests.Feeds.Streams;

public class StopTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Way.Server)]
    [InlineData(Way.Taken)]
    [InlineData(Way.Http2)]
    public async Task Readers_are_told_when_the_hub_stops_and_it_does_not_wait_for_them(Way way)
    {
        await using var hub = await FeedHub.StartAsync();
        using var client = hub.Client(way);
        using var reader = await SseClient.OpenAsync(client, "/events?topic=a");
        await reader.NextCursorAsync();

        await hub.StopAsync();
        (await reader.NextAsync()).ShouldBe(("bye", "{\"reason\":\"shutdown\"}"));
        (await reader.NextAsync()).ShouldBeNull();
        reader.Retry.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Who_comes_while_it_stops_is_sent_away()
    {
        var late = new LateStop();
        await using var hub = await FeedHub.StartAsync(services => services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(late))); // the first one stops last
        using var release = late;
        using var client = hub.Client();
        var stopping = hub.StopAsync();
        await late.Begun.Task.WaitAsync(Cancel);

        using (var reader = await SseClient.OpenAsync(client, "/events?topic=a"))
        {
            (await reader.NextAsync()).ShouldBe(("bye", "{\"reason\":\"shutdown\",\"detail\":\"The hub is stopping.\"}"));
            (await reader.NextAsync()).ShouldBeNull();
            reader.LastEventId.ShouldBe("");
            reader.Retry.ShouldBeGreaterThan(0);
        }
        using (var answer = await client.GetAsync("/events?topic=a", Cancel))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        late.GoOn.SetResult();
        await stopping;
    }

    /// <summary>Holds the stop up before the web server's turn.</summary>
    private sealed class LateStop : IHostedLifecycleService, IDisposable
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => GoOn.TrySetResult();

        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            Begun.TrySetResult(); // the host is stopped again when it is disposed
            return GoOn.Task;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
