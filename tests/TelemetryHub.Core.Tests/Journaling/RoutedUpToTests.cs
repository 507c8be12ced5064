using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Core.Tests.Log;

namespace TelemetryHub.Core.Tests.Journaling;

public sealed class RoutedUpToTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("hub").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public async Task After_any_power_cut_an_event_is_either_to_be_routed_or_the_records_of_its_routing_are_there()
    {
        var disk = new SimulatedDisk();
        using var directory = new DataDirectory(disk, _path);
        await using (var journal = Open(disk, directory))
        {
            journal.ForgetRecovered();
            for (var sequence = 1L; sequence <= 40; sequence++)
            {
                var ticket = Append(journal, sequence);
                if (sequence % 3 != 0)
                    await KeptAsync(journal, ticket); // so that its records come with the next batch
                Route(journal, sequence);
            }
        }
        for (var position = 1; position <= disk.Position; position++)
        {
            for (var seed = 0; seed < 8; seed++)
            {
                var left = PowerCut.After(disk, position, seed);
                left.CreateDirectory(directory.JournalPath);
                var found = Recover(left, directory);
                var known = ((RoutedRecords)found.State.Image(StatePart.Sessions)).Sequences;
                known.UnionWith(found.State.Unrouted.Select(@event => @event.Sequence));
                Sequences(found.Start.Next).Except(known).ShouldBeEmpty($"cut at {position}, seed {seed}");
            }
        }
    }

    [Fact]
    public async Task A_hub_that_is_killed_before_it_writes_anything_routes_nothing_again()
    {
        var disk = new SimulatedDisk();
        using var directory = new DataDirectory(disk, _path);
        await using (var journal = Open(disk, directory))
        {
            journal.ForgetRecovered();
            Append(journal, 1);
            Route(journal, 1);
        }
        await Open(disk, directory).DisposeAsync();
        var before = disk.Position;
        var second = Open(disk, directory);
        var killed = PowerCut.Killed(disk, disk.Position);
        await second.DisposeAsync();

        disk.Position.ShouldBeGreaterThan(before);
        Recover(killed, directory).State.Unrouted.ShouldBeEmpty();
    }

    private static RecoveredLog Recover(SimulatedDisk disk, DataDirectory directory) =>
        new Recovery(disk, directory.JournalPath, new TopicTable(1 << 20), [() => new RoutedRecords()], new JournalHealth(TimeSpan.Zero, TimeProvider.System), NullLogger.Instance).Run();

    private static IEnumerable<long> Sequences(long next) => Enumerable.Range(1, (int)next - 1).Select(sequence => (long)sequence);

    private static Journal Open(SimulatedDisk disk, DataDirectory directory) => Journal.Open(
        disk, directory, new JournalSettings { SegmentBytes = 1 << 20 }, new TopicTable(1 << 20), [() => new RoutedRecords()], TimeProvider.System, NullLogger.Instance);

    private static long Append(Journal journal, long sequence)
    {
        var topic = new TopicTable(1 << 20).Get("a"u8);
        journal.TryAppend(new Event { Topic = topic, Payload = new byte[700], Publisher = Principal.Hub, Time = sequence, QoS = Mqtt.QoS.AtLeastOnce }, out var ticket)
            .ShouldBe(AppendResult.Appended);
        return ticket;
    }

    private static void Route(Journal journal, long sequence)
    {
        Span<byte> record = stackalloc byte[300];
        BinaryPrimitives.WriteInt64LittleEndian(record, sequence);
        journal.AppendState(StatePart.Sessions, record);
        journal.Routed(sequence + 1);
    }

    private static Task KeptAsync(Journal journal, long ticket)
    {
        var waiter = new RecordingWaiter();
        return journal.WaitUntilKept(ticket, waiter) ? waiter.Kept : Task.CompletedTask;
    }

    /// <summary>The events whose routing has been recorded.</summary>
    private sealed class RoutedRecords : IStateImage
    {
        public HashSet<long> Sequences { get; } = [];

        public StatePart Part => StatePart.Sessions;

        public void Apply(ReadOnlySpan<byte> record) => Sequences.Add(BinaryPrimitives.ReadInt64LittleEndian(record));

        public void Received(uint session, ushort packetId)
        {
        }

        public void Write(SnapshotBlock write)
        {
        }

        public void Read(ReadOnlySpan<byte> block)
        {
        }
    }
}
