using TelemetryHub.Server.Logging;

namespace TelemetryHub.Server.Tests.Logging;

public class BackgroundSinkTests
{
    [Fact]
    public async Task A_blocked_console_blocks_nobody_and_the_oldest_waiting_lines_go_counted()
    {
        using var target = new SlowTarget();
        var sink = new BackgroundSink(target, capacity: 3);
        sink.Emit(Lines.Line("first"));
        await target.Reached;

        for (var i = 0; i < 10; i++)
            sink.Emit(Lines.Line("line {Number}", ("Number", i)));

        sink.Dropped.ShouldBe(7);
        target.Open();
        sink.Dispose();
        target.Written.ShouldBe(
        [
            "first",
            "7 log lines were dropped: they came faster than they could be written",
            "line 7",
            "line 8",
            "line 9",
        ]);
    }

    [Fact]
    public void The_end_writes_what_is_waiting_and_ignores_what_comes_later()
    {
        using var target = new SlowTarget();
        var sink = new BackgroundSink(target);
        for (var i = 0; i < 1000; i++)
            sink.Emit(Lines.Line("line"));

        target.Open();
        sink.Dispose();
        sink.Emit(Lines.Line("too late"));
        sink.Dispose();

        target.Written.Count.ShouldBe(1000);
        target.Written.ShouldNotContain("too late");
        target.Disposed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_console_that_stays_blocked_does_not_hold_up_the_end()
    {
        using var target = new SlowTarget();
        var sink = new BackgroundSink(target, flushTimeout: TimeSpan.Zero);
        sink.Emit(Lines.Line("first"));
        await target.Reached;

        sink.Dispose();

        target.Written.ShouldBeEmpty();
        target.Disposed.ShouldBeFalse("the writer is still inside");
        target.Open();
    }
}
