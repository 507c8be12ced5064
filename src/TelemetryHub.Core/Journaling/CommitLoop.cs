using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace TelemetryHub.Core.Journaling;

/// <summary>
/// The one thread that writes. Group commit: whatever was appended while the disk was busy goes into the next write, and one sync is for all of
/// it. When the disk fails, the segment is left as it is, everything that was not kept is refused, and a new segment is tried again and
/// again.
/// </summary>
internal sealed partial class CommitLoop
{
    // What is gathered for one write.
    private const int MaxWriteBytes = 4 << 20;

    private readonly Intake _intake;
    private readonly Commits _commits;
    private readonly SegmentRoll _roll;
    private readonly JournalSettings _settings;
    private readonly WriterSignal _signal;
    private readonly JournalHealth _health;
    private readonly JournalMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly Action _open, _commit, _close; // a delegate made once, not at every turn
    private readonly Func<bool> _hasPending;

    // The writer's own.
    private bool _isFailed;
    private readonly PendingState _unsyncedState = new();
    private PendingAppends _spare = new();
    private SegmentWriter? _segment;
    private long _upTo; // the number of the last append that has been written
    // How far the router was when the last batch that is written whole was taken: what it did after that may have records that are not written
    // yet, or lost with the end of a batch that a power cut tore, and must be done again then.
    private long _routedUpTo;
    private long _routedAndSynced; // the same, of what is synced: the records that a failure takes must be written again first
    private long _unsyncedSince;
    private bool _isDirty; // something has been written and not been synced

    public CommitLoop(Intake intake, Commits commits, SegmentRoll roll, JournalSettings settings, WriterSignal signal, JournalHealth health, JournalMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_intake, _commits, _roll, _settings, _signal, _health, _metrics, _time, _logger) = (intake, commits, roll, settings, signal, health, metrics, time, logger);
        (_open, _commit, _close) = (Open, Commit, Close);
        _hasPending = () => intake.HasPending;
        _routedUpTo = _routedAndSynced = intake.RoutedUpTo;
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
    }

    /// <summary>
    /// Makes the first segment, then begins to write. Not later: no sequence may be given to anybody before the disk knows where they begin, or a start after a
    /// crash could give it again.
    /// </summary>
    public void Start()
    {
        _segment = _roll.Open(_intake.Next, _routedUpTo);
        _thread.Start();
    }

    /// <summary>Writes and syncs what is there, seals the segment and ends the thread.</summary>
    public void Stop()
    {
        _signal.End();
        _thread.Join();
    }

    private TimeSpan IdleTime => _isDirty ? _settings.SyncDelay : Timeout.InfiniteTimeSpan;

    private bool IsSyncDue => _isDirty && _time.GetElapsedTime(_unsyncedSince) >= _settings.SyncDelay;

    private void Run()
    {
        while (!_signal.IsEnd)
        {
            if (_segment is null)
                _signal.Pause(_settings.RetryDelay);
            else
                _signal.Wait(IdleTime, _settings.WriteDelay, _hasPending);
            Try(_segment is null ? _open : _commit);
        }
        if (_segment is not null)
            Try(_close);
    }

    // The one place where the disk's failures arrive.
    [SuppressMessage("Design", "CA1031", Justification = "A bug here must not end the process without a word: it is a failure of the journal like any other.")]
    private void Try(Action step)
    {
        _health.BeginDisk();
        try
        {
            step();
        }
        catch (Exception error)
        {
            Fail(error);
        }
        finally
        {
            _health.EndDisk();
        }
    }

    private void Open()
    {
        _segment = _roll.Open(_intake.Next, _routedUpTo);
        if (!_isFailed)
            return;
        _isFailed = false;
        _health.Recover();
        _intake.Recover();
        _signal.Now(); // the state has waited all the time
        Messages.Recovered(_logger);
    }

    private void Commit()
    {
        var batch = _intake.Take(_spare);
        _spare = batch; // it comes back at the next turn
        if (!batch.IsEmpty)
            Write(batch);
        _routedUpTo = batch.RoutedUpTo;
        if (_commits.IsSyncWanted || IsSyncDue)
            Sync();
    }

    private void Write(PendingAppends batch)
    {
        // First of all: if the write fails, the state must not be lost with it.
        _unsyncedState.Add(batch.State);
        var bytes = 0L;
        var chunk = 0;
        _segment!.Begin(_time.GetUtcNow().ToUnixTimeMilliseconds(), _routedUpTo);
        for (var i = 0; i < batch.Events.Count; i++)
        {
            bytes += WriteState(batch.State, ref chunk, before: i);
            var @event = batch.Events[i];
            if (@event.Sequence != _segment.NextSequence || _roll.IsDue(_segment))
                bytes += Roll(@event.Sequence, _routedUpTo);
            _segment.Add(@event);
            if (_segment.Buffered > MaxWriteBytes)
                bytes += _segment.Write();
        }
        bytes += WriteState(batch.State, ref chunk, before: batch.Events.Count);
        bytes += _segment.Write();
        _health.CountWritten(batch.Events.Count, bytes);
        if (!_isDirty)
            (_isDirty, _unsyncedSince) = (true, _time.GetTimestamp());
        _upTo = batch.UpTo;
        _intake.Written(batch);
        _commits.Written(_upTo);
    }

    // In the order of the appends: an id that a record releases may be taken again by the next event.
    private long WriteState(PendingState state, ref int chunk, int before)
    {
        var bytes = 0L;
        for (; chunk < state.ChunkCount && state.EventsBefore(chunk) <= before; chunk++)
        {
            if (_roll.IsDue(_segment!))
                bytes += Roll(_segment!.NextSequence, _routedUpTo);
            _segment!.AddState(state.Chunk(chunk));
        }
        return bytes;
    }

    private void Sync()
    {
        var began = _time.GetTimestamp();
        _segment!.Sync();
        _metrics.Synced(_time.GetElapsedTime(began));
        _health.CountSync();
        _isDirty = false;
        _routedAndSynced = _routedUpTo;
        _unsyncedState.Clear();
        _commits.Synced(_upTo);
    }

    private long Roll(long nextSequence, long routedUpTo)
    {
        var bytes = _segment!.Write();
        var full = _segment;
        _segment = null; // if the next one cannot be made, this one is over all the same
        _segment = _roll.Next(full, nextSequence, routedUpTo);
        return bytes;
    }

    private void Close()
    {
        _intake.Close();
        Commit();
        Sync();
        // What was delivered live without being written took sequences as well: they must not be given again.
        if (_segment!.NextSequence != _intake.Next)
            Roll(_intake.Next, _routedUpTo);
        _roll.Close(_segment, _routedUpTo);
    }

    private void Fail(Exception error)
    {
        _health.Fail(error.Message);
        if (_isFailed)
            return; // still: nothing has been taken since
        _isFailed = true;
        _roll.Abandon(_segment);
        _segment = null;
        _health.CountNotWritten(_spare.Events.Count(@event => @event.Sequence >= _roll.KeptUpTo));
        _isDirty = false;
        _upTo = _intake.Fail(_unsyncedState, _roll.LastSequence);
        _unsyncedState.Clear();
        _routedUpTo = _routedAndSynced;
        _commits.Refuse(_upTo);
        Messages.Failed(_logger, error);
    }

    private static partial class Messages
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The journal cannot be written: publishes that ask for an acknowledgement are refused until it can")]
        public static partial void Failed(ILogger logger, Exception error);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The journal can be written again")]
        public static partial void Recovered(ILogger logger);
    }
}
