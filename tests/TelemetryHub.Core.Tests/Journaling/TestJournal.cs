using Microsoft.Extensions.Logging.Abstractions;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Events;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Core.Tests.Log;

namespace TelemetryHub.Core.Tests.Journaling;

/// <summary>A journal in a directory of its own, on the real disk or a simulated one, that can be stopped in order, killed, and opened again.</summary>
internal sealed class TestJournal : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private DataDirectory? _directory;
    private Journal? _journal;

    public JournalSettings Settings { get; set; } = new() { SegmentBytes = 1 << 20 };

    public IDisk Disk { get; set; } = new LocalDisk();

    public SimulatedDisk Simulated => (SimulatedDisk)Disk;

    public Journal Journal => _journal!;

    public TopicTable Topics { get; private set; } = new(1 << 22);

    public SampleEvents Events { get; private set; } = new();

    public string Path => _folder.Path;

    public IReadOnlyList<Func<IStateImage>> Parts { get; set; } = [static () => new RecordList()];

    public static TestJournal OnSimulatedDisk() => new() { Disk = new SimulatedDisk() };

    public TestJournal Open()
    {
        Topics = new TopicTable(1 << 22); // those of another process have routes of its router
        Events = new SampleEvents(Topics);
        _directory = new DataDirectory(Disk, _folder.Path);
        _journal = Journal.Open(Disk, _directory, Settings, Topics, Parts, TimeProvider.System, NullLogger.Instance);
        return this;
    }

    /// <summary>Stops in order and opens again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        Open();
    }

    /// <summary>kill -9, and a start. On the simulated disk only.</summary>
    public async Task KillAsync()
    {
        var after = Simulated.Restart();
        await StopAsync(); // what it still tries to write fails
        Disk = after;
        Open();
    }

    public long Append(string topic, string payload = "x", Mqtt.QoS qos = Mqtt.QoS.AtLeastOnce, bool retain = false)
    {
        Journal.TryAppend(Events.Of(topic, payload, qos, retain), out var ticket).ShouldBe(AppendResult.Appended);
        return ticket;
    }

    /// <summary>A QoS 2 publish of a session.</summary>
    public void AppendExactlyOnce(uint session, ushort packetId)
    {
        var @event = new Event
        {
            Topic = Topics.Get("t"u8),
            Payload = [],
            Publisher = SampleEvents.Publisher,
            Time = 0,
            QoS = Mqtt.QoS.ExactlyOnce,
            Session = session,
            PacketId = packetId,
        };
        Journal.TryAppend(@event, out _).ShouldBe(AppendResult.Appended);
    }

    /// <summary>Has the writer stand still at the disk: what is appended until the release is one batch.</summary>
    public async Task StallAsync(SyncHold hold)
    {
        Journal.WaitUntilKept(Append("stall"), new RecordingWaiter());
        await hold.Reached;
    }

    public async Task KeptAsync(long ticket)
    {
        var waiter = new RecordingWaiter();
        if (Journal.WaitUntilKept(ticket, waiter))
            await waiter.Kept;
        Journal.State(ticket).ShouldBe(KeptState.Kept);
    }

    public List<Event?> ReadBack(params IEnumerable<long> sequences)
    {
        long[] all = [.. sequences];
        var into = new Event?[all.Length];
        Journal.ReadBack(all, into);
        return [.. into];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    /// <summary>Stops in order.</summary>
    public async Task StopAsync()
    {
        if (_journal is not null)
            await _journal.DisposeAsync();
        _directory?.Dispose();
        (_journal, _directory) = (null, null);
    }
}
