using Microsoft.Extensions.Logging;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>One cut of a history: what is left is opened, checked, used, and cut again.</summary>
internal sealed class CutJournal(BusyHistory history, string path, int seed, int cut)
{
    private readonly Random _random = new((seed * 10_007) + cut);
    private readonly OldestKept _oldest = OldestKept.At(history.Disk, cut);

    public async Task SurvivesPowerCutAsync()
    {
        var left = PowerCut.After(history.Disk, cut, _random.Next());
        var ledger = history.Ledger.At(cut, isNewDisk: true);
        await Told(history.Disk, cut, "power cut", () => SurvivesAsync(left, ledger, 0, entry => entry.Synced));
        await SurvivesAnotherAsync(left, ledger, _random.Next(left.Position + 1));
    }

    public async Task SurvivesKillAsync()
    {
        var left = PowerCut.Killed(history.Disk, cut);
        var ledger = history.Ledger.At(cut, isNewDisk: false);
        await Told(history.Disk, cut, "kill", () => SurvivesAsync(left, ledger, cut, entry => entry.Written));
        await SurvivesAnotherAsync(left, ledger, _random.Next(cut, left.Position + 1));
    }

    // The power goes once more, while it starts or just after.
    private Task SurvivesAnotherAsync(SimulatedDisk disk, Ledger ledger, int position) => Told(disk, position, "second power cut", () =>
    {
        var left = PowerCut.After(disk, position, _random.Next());
        return SurvivesAsync(left, ledger.At(position, isNewDisk: true), 0, entry => entry.Synced);
    });

    private async Task SurvivesAsync(SimulatedDisk disk, Ledger ledger, int moment, Func<LedgerEntry, int> survives)
    {
        using var directory = new DataDirectory(disk, path);
        var (topics, log) = (new TopicTable(1 << 20), new RecordingLogger());
        await using var journal = Journal.Open(
            disk, directory, BusyHistory.Settings(maxBytes: 1 << 30, snapshotBytes: 2 << 10), topics, [() => new NumberedImage()], TimeProvider.System, log);
        var found = RecoveredJournal.Of(journal);
        new RecoveryCheck(ledger, found, moment, survives, _oldest).Run();
        journal.Health.Quarantined.ShouldBeEmpty("a power cut is not damage");
        log.Messages.ShouldBeEmpty();
        ledger.Found(found, disk.Position, _oldest.Sequence);
        await UseAsync(journal, topics, disk, ledger);
        disk.Restart();
    }

    private async Task UseAsync(Journal journal, TopicTable topics, SimulatedDisk disk, Ledger ledger)
    {
        var samples = new SampleAppends(_random);
        if (_random.Next(2) == 0)
        {
            foreach (var @event in journal.Recovered!.Unrouted)
                ledger.Deliver(journal, disk, @event.Sequence);
            journal.ForgetRecovered();
        }
        var taken = ledger.Events.Where(entry => entry.Appended <= disk.Position).Select(entry => entry.Event!.Sequence).Append(0).Max();
        ledger.TryAppend(journal, disk, samples.Of(topics.Get("memory/new"u8), QoS.AtMostOnce)).ShouldNotBeNull()
            .Event!.Sequence.ShouldBeGreaterThan(taken, "no sequence is given twice");
        ledger.TryAppend(journal, disk, samples.Of(topics.Get("synced/new"u8), QoS.AtLeastOnce)).ShouldNotBeNull();
        var last = ledger.AppendRecord(journal, disk, "used");
        var kept = await MomentWaiter.DecidedAsync(journal, last.Ticket, disk);
        foreach (var entry in ledger.Events.Concat(ledger.Records).Where(entry => entry.Ticket != 0))
            entry.Keep(kept, isSynced: true);
        ledger.TryAppend(journal, disk, samples.Of(topics.Get("memory/new"u8), QoS.AtMostOnce)).ShouldNotBeNull();
    }

    private async Task Told(SimulatedDisk disk, int position, string what, Func<Task> check)
    {
        try
        {
            await check();
        }
        catch (Exception failure)
        {
            var before = disk.Operations(position).TakeLast(40).Select(operation => operation.ToString().Replace(path, "", StringComparison.Ordinal));
            throw new InvalidOperationException($"History {seed}, cut {cut}, {what} at {position}: {failure.Message}\n  {string.Join("\n  ", before)}", failure);
        }
    }
}
