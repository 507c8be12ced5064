using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>
/// Some time in the life of a journal, from a seed: publishers of all kinds, a router, sessions with packet ids, records of state; segments that fill, are
/// indexed and dropped, snapshots; a disk that fails, fills and comes back; stops in order and kills. Whatever is promised goes into the ledger.
/// </summary>
/// <remarks>The appends and waits of a seed are always the same; what the keeper does beside them comes at its own moments.</remarks>
internal sealed partial class BusyHistory(int seed, string path) : IDisposable
{
    private readonly Random _random = new(seed);
    private readonly List<LedgerEntry> _undecided = [];
    private SampleAppends _samples = null!;
    private TopicTable _topics = null!;
    private DataDirectory? _directory;
    private Journal _journal = null!;

    public SimulatedDisk Disk { get; private set; } = new();

    public Ledger Ledger { get; } = new();

    /// <summary>What journals are opened with, in the history and after the cuts.</summary>
    public static JournalSettings Settings(long maxBytes, int snapshotBytes) => new()
    {
        Acknowledge = new AcknowledgeLevels(AcknowledgeLevel.Synced,
        [
            (TopicFilter.Parse("flushed/#"), AcknowledgeLevel.Flushed),
            (TopicFilter.Parse("memory/#"), AcknowledgeLevel.Memory),
        ]),
        SegmentBytes = 16 << 10,
        MaxBytes = maxBytes,
        MaxAge = TimeSpan.Zero,
        SnapshotBytes = snapshotBytes,
        Tail = new TailOptions { MaxEvents = 1 << 10 },
        // Nothing is written before somebody waits: so the seed decides what goes into a write.
        WriteDelay = TimeSpan.FromHours(1),
        SyncDelay = TimeSpan.FromHours(1),
        RetryDelay = TimeSpan.FromMilliseconds(3),
    };

    public async Task RunAsync()
    {
        _samples = new SampleAppends(_random);
        Open();
        Func<Task>[] episodes = [StopAsync, KillAsync, KillInSyncAsync, FailSyncsAsync, FillDiskAsync, TurnReadOnlyAsync];
        _random.Shuffle(episodes);
        foreach (var episode in episodes)
        {
            for (var steps = 5 + _random.Next(12); steps > 0; steps--)
                await StepAsync();
            await episode();
        }
        await StepAsync();
        await EndAsync(Disk.Restart());
    }

    public void Dispose() => _directory?.Dispose();

    private async Task StepAsync()
    {
        for (var appends = 1 + _random.Next(10); appends > 0; appends--)
            Append();
        if (_random.Next(3) > 0)
            Route();
        if (_random.Next(8) > 0)
            await DecideAsync();
    }

    private void Append()
    {
        if (_random.Next(4) == 0)
            AppendRecord($"note {Convert.ToHexString(_samples.Filled(_random.Next(60)))}");
        else if (_random.Next(6) == 0 && FreeId() is { } id)
            TryAppend(_samples.Of(_topics.Get("synced/once"u8), QoS.ExactlyOnce, id));
        else
            TryAppend(_samples.Next(_topics));
    }

    private LedgerEntry? TryAppend(Event @event)
    {
        if (_journal.Next - _routedUpTo > 900)
            Route();
        return Ledger.TryAppend(_journal, Disk, @event) is { } entry ? Note(entry) : null;
    }

    private LedgerEntry AppendRecord(string text) => Note(Ledger.AppendRecord(_journal, Disk, text));

    private LedgerEntry Note(LedgerEntry entry)
    {
        _undecided.Add(entry);
        if (entry.Event is { Session: not 0 })
            _received.Add(entry);
        return entry;
    }
}
