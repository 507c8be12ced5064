using System.Buffers;
using System.IO.Pipelines;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>
/// Reads the body of a request and publishes what is in it: line by line as it comes, or all of it. Ends with the body or at the first line that cannot be
/// published: nothing behind it is looked at.
/// </summary>
internal sealed class PublishedBody(PipeReader body, PublishRequest request, PublishRun run, int maxPayloadBytes)
{
    // As JSON a payload becomes larger: base64 by a third, and a blank or a brace need not be saved.
    private const int MostJsonPerPayload = 2;

    private readonly int _maxItemBytes = request.Topic is null ? maxPayloadBytes * MostJsonPerPayload : maxPayloadBytes;
    private ReadOnlySequence<byte> _rest; // what has come and is not published
    private long _withoutEnd; // so much of it has no end of a line in it

    /// <summary>How many lines were looked at.</summary>
    public long Lines { get; private set; }

    /// <summary>Whether it ended because the hub stops.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Reads and publishes; answers why it was not all.</summary>
    /// <param name="stopping">Ends the reading, not what was begun.</param>
    /// <param name="cancellation">Ends everything.</param>
    public async Task<PublishRefusal?> PublishAsync(CancellationToken stopping, CancellationToken cancellation)
    {
        // The token itself would leave the body in a state in which the web server cannot pass over the rest of it.
        await using var ending = stopping.UnsafeRegister(static body => ((PipeReader)body!).CancelPendingRead(), body);
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            if (read.IsCanceled)
            {
                body.AdvanceTo(read.Buffer.Start);
                IsStopped = true;
                return PublishRefusal.Stopping;
            }
            _rest = read.Buffer;
            var refusal = await PublishWhatCameAsync(read.IsCompleted, cancellation);
            body.AdvanceTo(_rest.Start, _rest.End);
            if (refusal is not null || read.IsCompleted || run.HasFailed)
                return refusal;
        }
    }

    private async ValueTask<PublishRefusal?> PublishWhatCameAsync(bool isLast, CancellationToken cancellation)
    {
        while (!run.HasFailed && TryTakeItem(isLast, out var item))
        {
            Lines++;
            if (await PublishAsync(item, cancellation) is { } refusal)
                return refusal;
        }
        await run.FlushAsync(cancellation);
        if (_rest.Length <= _maxItemBytes || run.HasFailed)
            return null;
        Lines++;
        return PublishRefusal.Of(PublishStatus.TooLarge);
    }

    private bool TryTakeItem(bool isLast, out ReadOnlySequence<byte> item)
    {
        item = _rest;
        if (request.IsBatch)
            return TryTakeLine(isLast, out item);
        if (!isLast || Lines > 0)
            return false;
        _rest = _rest.Slice(_rest.End);
        return true;
    }

    // LF ends a line, CR LF does too; the last one may have no end.
    private bool TryTakeLine(bool isLast, out ReadOnlySequence<byte> line)
    {
        line = _rest;
        if (_rest.Slice(_withoutEnd).PositionOf((byte)'\n') is { } end)
        {
            line = _rest.Slice(0, end);
            _rest = _rest.Slice(_rest.GetPosition(1, end));
        }
        else if (isLast && !_rest.IsEmpty)
        {
            _rest = _rest.Slice(_rest.End);
        }
        else
        {
            _withoutEnd = _rest.Length;
            return false;
        }
        _withoutEnd = 0;
        if (!line.IsEmpty && line.Slice(line.Length - 1).FirstSpan[0] == '\r')
            line = line.Slice(0, line.Length - 1);
        return true;
    }

    private async ValueTask<PublishRefusal?> PublishAsync(ReadOnlySequence<byte> item, CancellationToken cancellation)
    {
        if (item.Length > _maxItemBytes)
            return PublishRefusal.Of(PublishStatus.TooLarge);
        if (request.IsBatch && item.IsEmpty)
            return null;
        while (TryPublish(item, out var problem) is var status && status != PublishStatus.Taken)
        {
            if (problem is not null)
                return PublishRefusal.Wrong(null, problem);
            if (status != PublishStatus.Full || !await run.HasSpaceAsync(cancellation))
                return PublishRefusal.Of(status);
        }
        if (run.IsFull)
            await run.FlushAsync(cancellation);
        return null;
    }

    private PublishStatus TryPublish(in ReadOnlySequence<byte> item, out string? problem)
    {
        if (item.IsSingleSegment)
            return TryPublish(item.FirstSpan, out problem);
        var rented = ArrayPool<byte>.Shared.Rent((int)item.Length);
        item.CopyTo(rented);
        var status = TryPublish(rented.AsSpan(0, (int)item.Length), out problem);
        ArrayPool<byte>.Shared.Return(rented);
        return status;
    }

    private PublishStatus TryPublish(ReadOnlySpan<byte> item, out string? problem)
    {
        if (request.TryRead(item, out var publication, out problem))
            return run.TryPublish(publication, Lines);
        return problem is null ? PublishStatus.Taken : PublishStatus.NoTopic; // with a problem the status is of no interest
    }
}
