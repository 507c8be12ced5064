using System.Buffers;
using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds;

/// <summary>One reader of a feed: a place in it, and what it has been told.</summary>
public sealed class FeedReader : IDisposable
{
    private readonly IReaderOwner _owner;

    internal FeedReader(IReaderOwner owner) => _owner = owner;

    /// <summary>Why it has ended, once <see cref="Fill"/> has answered <see cref="ReaderFill.End"/>.</summary>
    public ByeReason EndReason { get; private set; }

    /// <summary>Everything up to this sequence has been written to it, or told as missing.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// Writes whole items of what waits, stopping soon after <paramref name="budgetBytes"/>. By the owner, one call at a time, after <see cref="IReaderOwner.Wake"/>, and only
    /// when what was written before has been taken: for a peer that does not read, nothing is called.
    /// </summary>
    public ReaderFill Fill(IBufferWriter<byte> output, int budgetBytes)
    {
        _owner.Wake();
        return output is null || budgetBytes < 0 ? ReaderFill.End : ReaderFill.Empty;
    }

    /// <summary>Ends it with this reason: the next fill says so. Any thread.</summary>
    public void Close(ByeReason reason)
    {
        EndReason = reason;
        _owner.Wake();
    }

    /// <summary>It has gone. Any thread; nothing is woken any more.</summary>
    public void Dispose() => Position = 0;
}
