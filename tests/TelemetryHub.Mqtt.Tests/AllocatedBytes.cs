namespace TelemetryHub.Mqtt.Tests;

/// <summary>What an action allocates on this thread once it has run a few times.</summary>
internal static class AllocatedBytes
{
    private const int Runs = 50;

    public static long ByWarm(Action action)
    {
        for (var i = 0; i < Runs; i++)
            action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Runs; i++)
            action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
