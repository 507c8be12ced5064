namespace TelemetryHub.Server.Hosting;

/// <summary>Ends the process when a stop takes longer than <c>Hub:StopTimeout</c>: a supervisor would kill it otherwise, without a word.</summary>
internal sealed class StopDeadline : IDisposable
{
    // The host gives up at the time-out itself; what it then still disposes gets this long.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _registration;

    internal StopDeadline(TimeProvider time, TimeSpan timeout, Action giveUp, CancellationToken stopping)
    {
        _timer = time.CreateTimer(_ => giveUp(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = stopping.Register(() => _timer.Change(timeout + Grace, Timeout.InfiniteTimeSpan));
    }

    public static StopDeadline Watch(WebApplication app)
    {
        var timeout = app.Services.GetRequiredService<HubOptions>().StopTimeout;
        return new StopDeadline(TimeProvider.System, timeout, () => GiveUp(timeout), app.Lifetime.ApplicationStopping);
    }

    public void Dispose()
    {
        _registration.Dispose();
        _timer.Dispose();
    }

    private static void GiveUp(TimeSpan timeout)
    {
        Console.Error.WriteLine($"TelemetryHub did not stop within {timeout.TotalSeconds:0.#} s (Hub:StopTimeout) and was ended.");
        Environment.Exit((int)ExitCode.Failed);
    }
}
