using TelemetryHub.Core.Journaling;

namespace TelemetryHub.Core.Tests.Journaling;

public sealed class WriterSignalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_writer_never_gathers_while_somebody_waits()
    {
        const int Rounds = 60_000;
        using var signal = new WriterSignal();
        var (appended, written) = (0, 0);
        var writer = Task.Factory.StartNew(() =>
        {
            while (Volatile.Read(ref written) < Rounds)
            {
                signal.Wait(Timeout.InfiniteTimeSpan, gather: TimeSpan.FromHours(1), () => Volatile.Read(ref appended) > Volatile.Read(ref written));
                Volatile.Write(ref written, Volatile.Read(ref appended));
            }
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var publisher = Task.Factory.StartNew(() =>
        {
            for (var round = 1; round <= Rounds; round++)
            {
                Interlocked.Increment(ref appended);
                signal.Gently();
                signal.Now();
                SpinWait.SpinUntil(() => Volatile.Read(ref written) >= round, Patience).ShouldBeTrue($"in round {round}");
            }
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await publisher;
        await writer;
    }
}
