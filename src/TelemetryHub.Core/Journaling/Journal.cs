using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Journaling.Snapshots;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// The log on disk, with its newest part in memory. Appending is putting into a queue; one thread writes and syncs for all who wait at the time.
/// Open it, give its state back to the parts of the hub, and dispose it last: what was appended before is on disk then.
/// </summary>
public sealed class Journal : ILog, IAsyncDisposable
{
    private readonly Tail _tail;
    private readonly Intake _intake;
    private readonly Commits _commits;
    private readonly CommitLoop _loop;
    private readonly SegmentRoll _roll;
    private readonly WriterSignal _signal;
    private readonly JournalMetrics _metrics;
    private readonly Keeper _keeper;
    private readonly Scrub _scrub;
    private readonly SegmentList _segments;
    private readonly IDisk _disk;
    private readonly TopicTable _topics;
    private int _isDisposed;

    private Journal(IDisk disk, DataDirectory directory, JournalSettings settings, TopicTable topics, IReadOnlyList<Func<IStateImage>> parts, TimeProvider time, ILogger logger)
    {
        (_disk, _topics, Epoch) = (disk, topics, directory.Epoch);
        Health = new JournalHealth(settings.RetryDelay, time);
        var found = new Recovery(disk, directory.JournalPath, topics, parts, Health, logger).Run();
        Recovered = found.State;
        _segments = new SegmentList(found.Segments);
        _tail = new Tail(settings.Tail, found.Start.First);
        _signal = new WriterSignal();
        _commits = new Commits(settings.Acknowledge.Default);
        _intake = new Intake(_tail, settings, _signal, Health, Recovered.Unrouted.Count == 0 ? long.MaxValue : found.RoutedUpTo, time);
        _metrics = new JournalMetrics(Health, _segments, _intake);
        _roll = new SegmentRoll(disk, directory.JournalPath, _segments, settings, time, found.Start);
        _loop = new CommitLoop(_intake, _commits, _roll, settings, _signal, Health, _metrics, time, logger);
        var snapshots = new SnapshotMaker(disk, directory.JournalPath, _segments, parts, found, settings.SnapshotBytes);
        var retention = new Retention(disk, directory.JournalPath, _segments, snapshots, settings, Health, time);
        _keeper = new Keeper(_segments, snapshots, retention, logger);
        _roll.OnEnded = _keeper.Ended;
        _scrub = new Scrub(disk, directory.JournalPath, _segments, Health, logger);
    }

    /// <summary>The name of the log in its cursors.</summary>
    public string Epoch { get; }

    /// <summary>How it is doing.</summary>
    public JournalHealth Health { get; }

    /// <summary>What the parts of the hub had in the log when it was opened; to be let go once they have taken it.</summary>
    public RecoveredState? Recovered { get; private set; }

    /// <inheritdoc/>
    public bool KeepsEvents => true;

    /// <inheritdoc/>
    public long Next => _tail.Next;

    /// <inheritdoc/>
    public long Oldest => _tail.Oldest;

    /// <inheritdoc/>
    public long OldestKept => _segments.OldestKept;

    /// <inheritdoc/>
    public long RoutedUpTo => _tail.RoutedUpTo;

    /// <summary>
    /// Opens the journal of a data directory: repairs what a crash left, recovers the state, and goes on in a new segment.
    /// </summary>
    /// <param name="disk">Where it is.</param>
    /// <param name="directory">The directory, which this process holds.</param>
    /// <param name="settings">What it promises and keeps.</param>
    /// <param name="topics">Where the topics of events are interned.</param>
    /// <param name="parts">Makes the empty images of the parts that have records in the log.</param>
    /// <param name="time">The clock of events and of retention.</param>
    /// <param name="logger">Where failures, repairs and losses are told.</param>
    /// <exception cref="InvalidDataException">A later version of the program has written it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Journal Open(
        IDisk disk, DataDirectory directory, JournalSettings settings, TopicTable topics, IReadOnlyList<Func<IStateImage>> parts, TimeProvider time, ILogger logger)
    {
        var journal = new Journal(disk, directory, settings, topics, parts, time, logger);
        journal._loop.Start();
        journal._keeper.Start();
        journal._scrub.Start();
        return journal;
    }

    /// <summary>The parts have taken their state, and what had not been routed has been.</summary>
    public void ForgetRecovered()
    {
        Recovered = null;
        _intake.RestIsRouted();
    }

    /// <inheritdoc/>
    public AppendResult TryAppend(Event @event, out long ticket) => _intake.TryAppend(@event, out ticket);

    /// <inheritdoc/>
    public long AppendState(StatePart part, ReadOnlySpan<byte> record) => _intake.AppendState(part, record);

    /// <inheritdoc/>
    public KeptState State(long ticket) => _commits.StateOf(Ticket.From(ticket));

    /// <inheritdoc/>
    public bool WaitUntilKept(long ticket, ILogWaiter waiter)
    {
        if (!_commits.Wait(Ticket.From(ticket), waiter))
            return false;
        _signal.Now();
        return true;
    }

    /// <inheritdoc/>
    public bool WaitForSpace(ILogWaiter waiter) => _intake.WaitForSpace(waiter);

    /// <inheritdoc/>
    public int Read(long sequence, Span<Event> into) => _tail.Read(sequence, into);

    /// <inheritdoc/>
    public void ReadBack(ReadOnlySpan<long> sequences, Span<Event?> into)
    {
        // In the order in which an event goes from one to the next.
        _tail.ReadBack(sequences, into);
        if (into[..sequences.Length].Contains(null))
            _intake.ReadBack(sequences, into);
        if (into[..sequences.Length].Contains(null))
            new EventLookup(_segments, _topics).Fill(sequences, into);
    }

    /// <summary>A reader of its own, from a sequence on. Any number of them at once.</summary>
    public JournalReader OpenReader(JournalStart from, Mqtt.Topics.TopicFilter? filter = null, long enoughBytes = long.MaxValue) =>
        new(_segments, _topics, from, filter) { EnoughBytes = enoughBytes };

    /// <summary>The first sequence of this time or later. Blocks on the disk.</summary>
    public long FirstAt(DateTimeOffset time) => StartPlace.TryFind(JournalStart.AtTime(time), _segments, out var sequence) ? sequence : Next;

    /// <summary>
    /// The end of the log, a block at a time, newest first: of each block the newest event of each topic. Ends when so many bytes have been read. It blocks on the disk.
    /// </summary>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public IEnumerable<IReadOnlyCollection<Event>> ReadNewest(long maxBytes) => new NewestEvents(_segments, _topics).Blocks(maxBytes);

    /// <inheritdoc/>
    public void Routed(long sequence) => _tail.Routed(sequence);

    /// <summary>Writes and syncs what was appended, and ends. Again: nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await _scrub.DisposeAsync().ConfigureAwait(false);
        await Task.Run(_loop.Stop).ConfigureAwait(false);
        await _keeper.DisposeAsync().ConfigureAwait(false);
        _roll.Dispose();
        _intake.Dispose();
        _signal.Dispose();
        _metrics.Dispose();
    }
}
