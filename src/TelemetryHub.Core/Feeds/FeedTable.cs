using System.Text;
using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Replays;
using TelemetryHub.Core.Feeds.Reports;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Routing;

namespace TelemetryHub.Core.Feeds;

/// <summary>All feeds of the hub. A feed appears with its first reader and goes with its last. Thread-safe.</summary>
public sealed partial class FeedTable : IDisposable
{
    // Heartbeats are asked for this often; none is shorter.
    internal static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    // With very many feeds each still gets this.
    private const long MinShareBytes = 64 << 10;

    private readonly Lock _gate = new(); // guards the feeds and the number of their users
    private readonly Dictionary<(FeedDefinition, IFeedLoop), Feed> _feeds = [];
    private readonly ILogger _logger;
    private readonly ITimer _tick;
    private long _ticks;
    private long _shareBytes;
    private long _readerNumber;
    private int _readers;
    private bool _isTicking;
    private int _stopped;

    /// <summary>Makes a table without feeds.</summary>
    public FeedTable(Journal journal, Router router, TopicTable topics, IAccess access, FeedSettings settings, TimeProvider time, ILogger<FeedTable> logger)
    {
        (Journal, Router, Topics, Access, Settings, Time, _logger) = (journal, router, topics, access, settings, time, logger);
        EpochUtf8 = Encoding.UTF8.GetBytes(journal.Epoch);
        Replays = new ReplayQueue(settings.MaxReplays, time, logger);
        Metrics = new FeedMetrics(this);
        _shareBytes = settings.MaxBytes;
        _tick = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The name of the log in cursors.</summary>
    public string Epoch => Journal.Epoch;

    /// <summary>How many feeds there are.</summary>
    public int FeedCount
    {
        get
        {
            lock (_gate)
                return _feeds.Count;
        }
    }

    /// <summary>How many readers there are.</summary>
    public int ReaderCount => Volatile.Read(ref _readers);

    internal Journal Journal { get; }

    internal Router Router { get; }

    internal TopicTable Topics { get; }

    internal IAccess Access { get; }

    internal FeedSettings Settings { get; }

    internal TimeProvider Time { get; }

    internal byte[] EpochUtf8 { get; }

    internal ReplayQueue Replays { get; }

    internal FeedMetrics Metrics { get; }

    /// <summary>How many seconds it has counted: what readers tell by when to write a heartbeat, without asking a clock for every write.</summary>
    internal long Ticks => Volatile.Read(ref _ticks);

    /// <summary>What a ring may hold now.</summary>
    internal long RingBytes => Math.Min(Volatile.Read(ref _shareBytes), Settings.RingBytes);

    /// <summary>What may wait in a feed now: to be encoded, or for its interval to pass.</summary>
    internal long WaitingBytes => Math.Min(Volatile.Read(ref _shareBytes), Settings.MaxWaitingBytes);

    /// <summary>
    /// Opens a reader. It answers at once; what takes time (a replay, a snapshot) is done elsewhere, and <paramref name="owner"/> is woken when there is something.
    /// The reader wants its first <see cref="FeedReader.Fill"/> without being woken.
    /// </summary>
    /// <param name="definition">What it reads. The caller has asked whether the principal may subscribe to these filters.</param>
    /// <param name="options">How.</param>
    /// <param name="owner">Who writes to it. It may be woken before this returns.</param>
    /// <param name="loop">Where its feed works; null for the pool.</param>
    public FeedReader Open(FeedDefinition definition, ReaderOptions options, IReaderOwner owner, IFeedLoop? loop = null)
    {
        var feed = Enter(definition, loop ?? PoolLoop.Instance);
        var reader = new FeedReader(this, feed, options, owner);
        feed.Attach();
        feed.Add(reader);
        reader.Begin();
        if ((ByeReason)Volatile.Read(ref _stopped) is not ByeReason.None and var reason)
            reader.Close(reason);
        return reader;
    }

    /// <summary>Ends every reader, now and from now on.</summary>
    public void Stop(ByeReason reason)
    {
        Volatile.Write(ref _stopped, (int)reason);
        foreach (var reader in Feeds.SelectMany(feed => feed.Readers))
            reader.Close(reason);
    }

    /// <summary>How the feeds and their readers are doing.</summary>
    public IReadOnlyList<FeedReport> Report() => [.. Feeds.Select(feed => feed.Report())];

    /// <inheritdoc/>
    public void Dispose()
    {
        _tick.Dispose();
        Metrics.Dispose();
    }

    internal long NextReaderNumber() => Interlocked.Increment(ref _readerNumber);

    internal void Leave(Feed feed)
    {
        lock (_gate)
        {
            _readers--;
            if (--feed.Users > 0)
                return;
            _feeds.Remove((feed.Definition, feed.Loop));
            Share();
        }
        feed.Dispose();
    }

    /// <summary>What a reader with this start has seen: the sequence before the first that it gets. Blocks on the disk.</summary>
    internal long PlaceOf(FeedStart start)
    {
        var first = start.Time is { } time ? Journal.FirstAt(time) : Journal.OldestKept;
        return Math.Min(first, Journal.RoutedUpTo) - 1;
    }

    internal void ReportUnreadable(IOException error) => Messages.Unreadable(_logger, error.Message);

    internal void ReportFault(Exception fault) => Messages.Fault(_logger, fault);

    private Feed[] Feeds
    {
        get
        {
            lock (_gate)
                return [.. _feeds.Values];
        }
    }

    private Feed Enter(FeedDefinition definition, IFeedLoop loop)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue((definition, loop), out var feed))
            {
                _feeds.Add((definition, loop), feed = new Feed(this, definition, loop));
                Share();
            }
            feed.Users++;
            _readers++;
            if (!_isTicking)
                StartTicking();
            return feed;
        }
    }

    private void Share() => Volatile.Write(ref _shareBytes, Math.Max(Settings.MaxBytes / Math.Max(1, _feeds.Count), MinShareBytes));

    private void StartTicking()
    {
        _isTicking = true;
        _tick.Change(TickInterval, Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        var tick = Interlocked.Increment(ref _ticks);
        foreach (var feed in Feeds)
        {
            feed.Ring.Trim(RingBytes);
            foreach (var reader in feed.Readers)
                reader.Beat(tick);
        }
        lock (_gate)
        {
            _isTicking = _feeds.Count > 0;
            if (_isTicking)
                _tick.Change(TickInterval, Timeout.InfiniteTimeSpan);
        }
    }

    private static partial class Messages
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A reader waits for its past: the disk cannot be read: {Error}")]
        public static partial void Unreadable(ILogger logger, string error);

        [LoggerMessage(Level = LogLevel.Error, Message = "A feed could not encode its events because of an unexpected fault; its readers are closed")]
        public static partial void Fault(ILogger logger, Exception fault);
    }
}
