using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Http;
using TelemetryHub.Server.Tests.Configuration;

namespace TelemetryHub.Server.Tests.Hosting;

public class HubRunTests
{
    [Fact]
    public async Task A_part_that_fails_ends_the_process_with_1() =>
        (await RunAsync(new Part(running: () => throw new InvalidOperationException("a bug")))).ShouldBe(1);

    [Fact]
    public async Task A_part_that_cannot_listen_ends_the_process_with_1() =>
        (await RunAsync(new Part(starting: () => throw new ListenException(new IPEndPoint(1, 2), new SocketException(13))))).ShouldBe(1);

    [Fact]
    public async Task A_data_directory_that_cannot_be_used_ends_the_process_with_1() =>
        (await RunAsync(new Part(starting: () => throw new InvalidDataException("The file 'epoch' is damaged.")))).ShouldBe(1);

    [Fact]
    public async Task A_bug_at_the_start_keeps_its_stack_trace() =>
        await Should.ThrowAsync<InvalidOperationException>(
            () => RunAsync(new Part(starting: () => throw new InvalidOperationException("a bug"))));

    [Fact]
    public async Task A_stop_before_the_hub_is_ready_is_no_failure() =>
        (await RunAsync(new Part(starting: () => throw new OperationCanceledException()))).ShouldBe(0);

    private static async Task<int> RunAsync(Part part)
    {
        using var folder = new TemporaryFolder();
        var configuration = Reading.Of(args: [$"--Hub:Data={folder["data"]}", "--Http:Listen=", "--Mqtt:Listen=127.0.0.1:0"]).Configuration;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.AddProcess(configuration);
        builder.AddHttp(configuration);
        builder.AddTelemetryHub(configuration);
        builder.Services.AddSingleton<IHostedService>(part);
        return await builder.RunHubAsync(app => app.MapTelemetryHub());
    }

    private sealed class Part(Action? starting = null, Action? running = null) : BackgroundService
    {
        public override Task StartAsync(CancellationToken cancellationToken)
        {
            starting?.Invoke();
            return base.StartAsync(cancellationToken);
        }

        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            running?.Invoke();
            return Task.CompletedTask;
        }
    }
}
