using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Server.Journaling;

/// <summary>
/// After a start the latest value of each topic is looked up in the newest part of the journal. In the background: the hub is not held up for it, and what is
/// published meanwhile is newer anyway.
/// </summary>
internal sealed partial class LatestValues(Journal journal, Router router, TimeProvider time, ILogger<LatestValues> logger) : IHostedService, IDisposable
{
    private const long MaxBytes = 64L << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    // A small journal is read by then, and the first who asks finds everything.
    private static readonly TimeSpan HoldUp = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Ends when all that is looked up is there.</summary>
    public Task Reading { get; private set; } = Task.CompletedTask;

    // The broker has taken up its state by now: that comes before any service starts.
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Reading = Task.Run(Read, CancellationToken.None);
        try
        {
            await Reading.WaitAsync(HoldUp, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // it goes on beside the rest
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Reading.ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private void Read()
    {
        var began = time.GetTimestamp();
        try
        {
            foreach (var block in journal.ReadNewest(MaxBytes))
            {
                if (!router.RememberLatest(block) || _stopping.IsCancellationRequested || time.GetElapsedTime(began) > Longest)
                    return;
            }
        }
        catch (IOException error)
        {
            Messages.Failed(logger, error);
        }
    }

    private static partial class Messages
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The journal could not be read for the latest values: those of before the start are incomplete")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
