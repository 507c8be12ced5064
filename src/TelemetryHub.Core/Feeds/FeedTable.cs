using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Core.Feeds;

/// <summary>All feeds of the hub. A feed appears with its first reader and goes with its last. Thread-safe.</summary>
public sealed class FeedTable
{
    private readonly List<FeedReader> _readers = [];

    /// <summary>The name of the log in cursors.</summary>
    public string Epoch { get; } = "";

    /// <summary>
    /// Opens a reader. It answers at once; what takes time (a replay, a snapshot) is done elsewhere, and <paramref name="owner"/> is woken when there is something.
    /// The reader wants its first <see cref="FeedReader.Fill"/> without being woken.
    /// </summary>
    /// <param name="definition">What it reads. The caller has asked whether the principal may subscribe to these filters.</param>
    /// <param name="options">How.</param>
    /// <param name="owner">Who writes to it.</param>
    /// <param name="loop">Where its feed works; null for the pool.</param>
    public FeedReader Open(FeedDefinition definition, ReaderOptions options, IReaderOwner owner, IFeedLoop? loop = null)
    {
        _readers.Add(new FeedReader(owner));
        return _readers[^1];
    }

    /// <summary>Ends every reader, now and from now on.</summary>
    public void Stop(ByeReason reason) => _readers.ForEach(reader => reader.Close(reason));
}
