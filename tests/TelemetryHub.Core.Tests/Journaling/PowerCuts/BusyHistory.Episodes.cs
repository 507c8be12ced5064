using Microsoft.Extensions.Logging.Abstractions;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>What happens to it.</summary>
internal sealed partial class BusyHistory
{
    private const long MaxBytes = 96 << 10;

    private void Open()
    {
        _directory = new DataDirectory(Disk, path);
        if (Ledger.Epoch.Name == "")
            Ledger.Epoch = (_directory.Epoch, Disk.Position);
        _topics = new TopicTable(1 << 20);
        // Many snapshots, or none but those that retention asks for.
        var settings = Settings(MaxBytes, snapshotBytes: seed % 2 == 0 ? 2 << 10 : 8 << 20);
        _journal = Journal.Open(Disk, _directory, settings, _topics, [() => new NumberedImage()], TimeProvider.System, NullLogger.Instance);
        _routedUpTo = _journal.Next;
        _routedAtLastSync = null;
        _undecided.Clear();
    }

    private async Task StopAsync()
    {
        Route();
        await _journal.DisposeAsync();
        foreach (var entry in _undecided)
            entry.Keep(Disk.Position, isSynced: true);
        Ledger.Routed.Add((Disk.Position, _routedUpTo));
        _directory!.Dispose();
        Reopen();
    }

    private async Task KillAsync()
    {
        await EndAsync(Disk.Restart());
        Reopen();
    }

    private async Task KillInSyncAsync()
    {
        var hold = Disk.HoldSyncs();
        AppendRecord("held");
        var decided = DecideAsync();
        await hold.Reached;
        for (var appends = _random.Next(10); appends > 0; appends--)
            Append();
        var next = Disk.Restart();
        hold.Release();
        _ = decided; // nobody will ever be told
        await EndAsync(next);
        Reopen();
    }

    private Task FailSyncsAsync() => FailAsync(() => Disk.FailsSyncs = true, () => Disk.FailsSyncs = false);

    private Task TurnReadOnlyAsync() => FailAsync(() => Disk.IsReadOnly = true, () => Disk.IsReadOnly = false);

    private Task FillDiskAsync() => FailAsync(() => Disk.FreeBytes = _random.Next(20_000), () => Disk.FreeBytes = null);

    private async Task FailAsync(Action begin, Action end)
    {
        begin();
        LedgerEntry? refused;
        do
        {
            Append();
            Route();
            refused = TryAppend(_samples.Large(_topics)).ShouldNotBeNull();
            await DecideAsync(mustSync: true);
        }
        while (_journal.State(refused.Ticket) != KeptState.Refused);
        _journal.Health.Problem.ShouldNotBeNull();
        _undecided.ForEach(entry => entry.IsDoubtful = true);
        _routedAtLastSync = null;
        Route();
        LiveOnly();
        end();
        AppendRecord("after the failure");
        await DecideAsync(mustSync: true);
        _journal.Health.Problem.ShouldBeNull();
    }

    // While the disk fails: what asks for no acknowledgement goes on, but is not kept.
    private void LiveOnly()
    {
        foreach (var entry in _undecided.Where(entry => entry.Event is { Session: not 0 } && entry.Release is null).ToList())
            entry.Release = AppendRecord(NumberedImage.Release(entry.Event!.Session, entry.Event.PacketId)); // it was refused
        TryAppend(_samples.Large(_topics)).ShouldBeNull();
        for (var appends = _random.Next(10); appends > 0; appends--)
        {
            if (TryAppend(_samples.Of(_topics.Get("memory/live"u8), QoS.AtMostOnce)) is { } entry)
                entry.IsDoubtful = true;
        }
        Route();
        _undecided.RemoveAll(entry => entry.Event is not null);
    }

    // Whoever comes next finds what was written, and hands over what was not.
    private void Reopen()
    {
        Open();
        var found = RecoveredJournal.Of(_journal);
        // Retention works already: what is dropped is first gone for readers, then from the disk.
        var oldest = OldestKept.At(Disk, Disk.Position);
        oldest = oldest with { Sequence = Math.Max(oldest.Sequence, _journal.OldestKept) };
        new RecoveryCheck(Ledger, found, Disk.Position, entry => entry.Written, oldest).Run();
        Ledger.Found(found, Disk.Position, oldest.Sequence);
        foreach (var @event in found.State.Unrouted)
            Deliver(@event.Sequence);
        _journal.ForgetRecovered();
        _received.RemoveAll(entry => entry.Lost != LedgerEntry.Never);
        foreach (var entry in _received.Where(entry => entry.Release is { Lost: not LedgerEntry.Never }))
            entry.Release = null;
    }

    private async Task EndAsync(SimulatedDisk next)
    {
        await _journal.DisposeAsync();
        _directory!.Dispose();
        Disk = next;
    }
}
