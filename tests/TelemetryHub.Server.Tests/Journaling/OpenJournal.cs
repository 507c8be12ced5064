using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;
using TelemetryHub.Server.Journaling;

namespace TelemetryHub.Server.Tests.Journaling;

/// <summary>A journal as a running hub has it, with small segments.</summary>
internal sealed class OpenJournal : IAsyncDisposable
{
    // The writer keeps a quarter free for the next frame: the rest holds 129 events of 1,000 bytes.
    public const int SegmentBytes = (128 << 10) * 4 / 3;

    private readonly TopicTable _topics = new(1 << 20);

    private OpenJournal(string data, long maxBytes)
    {
        Directory = new DataDirectory(new LocalDisk(), data);
        var settings = new JournalSettings { SegmentBytes = SegmentBytes, MaxBytes = maxBytes };
        Journal = Journal.Open(new LocalDisk(), Directory, settings, _topics, StateParts.All, TimeProvider.System, NullLogger.Instance);
        Recovered = Journal.Recovered!;
        Journal.ForgetRecovered();
    }

    public Journal Journal { get; }

    public RecoveredState Recovered { get; }

    public DataDirectory Directory { get; }

    public string Epoch => Directory.Epoch;

    public static OpenJournal At(string data, long maxBytes = 1 << 30) => new(data, maxBytes);

    /// <summary>A journal with events and two finished segments at least, of a hub that has stopped.</summary>
    public static async Task<List<Event>> WriteAsync(string data, int batches = 1)
    {
        const int Events = 400;
        await using var journal = At(data);
        var appended = new List<Event>();
        for (var batch = 0; batch < batches; batch++)
            appended.AddRange(await journal.AppendAsync(Events / batches));
        return appended;
    }

    /// <summary>Appends events of 1,000 bytes to the topics t/0 to t/9, and waits until they are kept.</summary>
    public async Task<List<Event>> AppendAsync(int events)
    {
        var appended = new List<Event>();
        var last = 0L;
        for (var i = 0; i < events; i++)
            appended.Add(Append($"t/{i % 10}", $"{i} {new string('x', 1000)}", out last));

        await KeptAsync(last);
        return appended;
    }

    public async Task<Event> AppendAsync(string topic, string payload, bool retain = false, long? time = null)
    {
        var @event = Append(topic, payload, out var ticket, retain, time);
        await KeptAsync(ticket);
        return @event;
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        Directory.Dispose();
    }

    private Event Append(string topic, string payload, out long ticket, bool retain = false, long? time = null)
    {
        var @event = new Event
        {
            Topic = _topics.Get(TopicName.Parse(topic)),
            Payload = Encoding.UTF8.GetBytes(payload),
            Publisher = new Principal("device-1", null),
            Time = time ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            QoS = QoS.AtLeastOnce,
            Retain = retain,
        };
        Journal.TryAppend(@event, out ticket).ShouldBe(AppendResult.Appended);
        Journal.Routed(Journal.Next);
        return @event;
    }

    private async Task KeptAsync(long ticket)
    {
        var waiter = new Waiter();
        if (Journal.WaitUntilKept(ticket, waiter))
            await waiter.Kept.Task;
        Journal.State(ticket).ShouldBe(KeptState.Kept);
    }

    private sealed class Waiter : ILogWaiter
    {
        public TaskCompletionSource Kept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnKept() => Kept.SetResult();

        public void OnSpace()
        {
        }
    }
}
