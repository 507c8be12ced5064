using TelemetryHub.Server.Feeds.Streams;

namespace TelemetryHub.Server.Tests.Feeds.Streams;

public class StreamUpkeepTests
{
    [Fact]
    public void Every_open_stream_is_told_that_time_passes()
    {
        using var upkeep = new StreamUpkeep(new Hosting.ManualTime());
        var (first, second) = (new CountingStream(), new CountingStream());
        upkeep.Add(first);
        upkeep.Add(second);
        upkeep.Tick(17);
        upkeep.Remove(first);
        upkeep.Tick(18);
        upkeep.StopAll();
        upkeep.AbortAll();

        first.Ticks.ShouldBe([17]);
        second.Ticks.ShouldBe([17, 18]);
        (first.IsStopped, first.IsAborted).ShouldBe((false, false));
        (second.IsStopped, second.IsAborted).ShouldBe((true, true));
    }

    private sealed class CountingStream : ILiveStream
    {
        public List<long> Ticks { get; } = [];

        public bool IsStopped { get; private set; }

        public bool IsAborted { get; private set; }

        public void Tick(long nowMilliseconds) => Ticks.Add(nowMilliseconds);

        public void Stop() => IsStopped = true;

        public void Abort() => IsAborted = true;
    }
}
