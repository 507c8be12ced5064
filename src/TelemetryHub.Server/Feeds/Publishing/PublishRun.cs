using TelemetryHub.Core.Access;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>
/// The publishes of one request, one per line: in order, with a bounded number of them on their way, and what became of them. The first that fails ends it.
/// </summary>
internal sealed class PublishRun
{
    // Enough for a disk that syncs to be busy; little enough that a request holds no memory to speak of.
    private const int MaxPending = 1000;
    private const long MaxPendingBytes = 4 << 20;

    private readonly Publisher _publisher;
    private readonly Principal _principal;
    private readonly TimeProvider _time;
    private readonly WakeSignal _signal = new();
    private readonly PendingPublishes<long> _pending;
    private long _pendingBytes;
    private long? _fullSince;

    public PublishRun(Publisher publisher, Principal principal, TimeProvider time)
    {
        (_publisher, _principal, _time) = (publisher, principal, time);
        _pending = new PendingPublishes<long>(publisher, _signal.Wake);
    }

    /// <summary>How long a publish waits for space in the log before it is refused.</summary>
    public static TimeSpan MaxWaitForSpace { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How many are kept; those at QoS 0, taken.</summary>
    public long Count { get; private set; }

    /// <summary>The newest of them; 0 when it is not known.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Was one of them kept on disk?</summary>
    public bool IsDurable { get; private set; }

    /// <summary>The lines that the log took and could not keep.</summary>
    public List<long> Lost { get; } = [];

    /// <summary>Whether to offer no more.</summary>
    public bool HasFailed => Lost.Count > 0;

    /// <summary>Publishes. <see cref="PublishStatus.Full"/>: offer it again after <see cref="HasSpaceAsync"/>.</summary>
    public PublishStatus TryPublish(in Publication publication, long line)
    {
        var status = _pending.TryPublish(_principal, publication, line);
        if (status == PublishStatus.Taken)
            (_pendingBytes, _fullSince) = (_pendingBytes + publication.Payload.Length, null);
        return status;
    }

    /// <summary>Waits until there is space in the log; false when this publish has found none for long.</summary>
    public async Task<bool> HasSpaceAsync(CancellationToken cancellation)
    {
        _fullSince ??= _time.GetTimestamp();
        var left = MaxWaitForSpace - _time.GetElapsedTime(_fullSince.Value);
        using var patience = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            _pending.WaitForSpace();
            while (_pending.IsAwaitingSpace)
                await _signal.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Whether <see cref="FlushAsync"/> is due before more is published.</summary>
    public bool IsFull => _pending.Count >= MaxPending || _pendingBytes >= MaxPendingBytes;

    /// <summary>Hands on what was published; when too much is on its way, waits for some of it.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        _publisher.Route();
        Collect();
        while (IsFull)
            await WaitAsync(cancellation);
    }

    /// <summary>Waits until everything is decided.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        _publisher.Route();
        Collect();
        while (_pending.Count > 0)
            await WaitAsync(cancellation);
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        await _signal.WaitAsync(cancellation);
        Collect();
    }

    private void Collect()
    {
        while (_pending.TryTake(out var published))
        {
            _pendingBytes -= published.Event.Payload.Length;
            if (!published.IsKept)
            {
                Lost.Add(published.Tag);
                continue;
            }
            Count++;
            LastSequence = published.Event.Sequence;
            IsDurable |= published.Event.QoS != QoS.AtMostOnce;
        }
    }
}
