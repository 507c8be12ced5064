using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Tests.Hosting;

public class StopDeadlineTests
{
    [Fact]
    public void The_time_for_a_stop_runs_from_the_moment_that_it_was_asked_for()
    {
        var time = new ManualTime();
        var givenUp = false;
        using var stopping = new CancellationTokenSource();
        using var deadline = new StopDeadline(time, TimeSpan.FromSeconds(5), () => givenUp = true, stopping.Token);
        time.Due.ShouldBeNull();

        stopping.Cancel();

        time.Due.ShouldBe(TimeSpan.FromSeconds(6));
        time.Fire();
        givenUp.ShouldBeTrue();
    }

    [Fact]
    public void A_stop_in_time_is_left_alone()
    {
        var time = new ManualTime();
        using var stopping = new CancellationTokenSource();
        var deadline = new StopDeadline(time, TimeSpan.FromSeconds(5), () => { }, stopping.Token);
        stopping.Cancel();

        deadline.Dispose();

        time.Due.ShouldBeNull();
    }
}
