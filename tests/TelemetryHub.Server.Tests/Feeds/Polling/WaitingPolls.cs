using System.Threading.Channels;

namespace TelemetryHub.Server.Tests.Feeds.Polling;

/// <summary>The clock of the system; says when somebody begins to wait for this long.</summary>
internal sealed class WaitingPolls(TimeSpan wait) : TimeProvider
{
    private readonly Channel<bool> _begun = Channel.CreateUnbounded<bool>();

    /// <summary>Completes when the next one has begun.</summary>
    public async Task NextAsync() => await _begun.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == wait)
            _begun.Writer.TryWrite(true);
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
