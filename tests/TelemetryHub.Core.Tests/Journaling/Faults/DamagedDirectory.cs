using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Journaling.Faults;

/// <summary>A journal with some segments, indexes and snapshots on a simulated disk, whose files are damaged while nobody has it open.</summary>
internal sealed class DamagedDirectory : IAsyncDisposable
{
    private readonly List<Event> _written = [];

    private DamagedDirectory(long maxBytes)
    {
        Test.Settings = new JournalSettings { SegmentBytes = 16 << 10, SnapshotBytes = 1 << 10, MaxBytes = maxBytes, MaxAge = TimeSpan.Zero };
        Test.Open();
    }

    public TestJournal Test { get; } = TestJournal.OnSimulatedDisk();

    /// <summary>Everything that was kept.</summary>
    public IReadOnlyList<Event> Written => _written;

    public JournalHealth Health => Test.Journal.Health;

    public List<string> Records => ((RecordList)Test.Journal.Recovered!.Image(StatePart.Sessions)).Records;

    /// <summary>Writes, and stops in order; or is killed.</summary>
    public static async Task<DamagedDirectory> MakeAsync(bool isKilled = false, long maxBytes = 1 << 30)
    {
        var directory = new DamagedDirectory(maxBytes);
        for (var i = 0; i < 120; i++)
        {
            var @event = directory.Test.Events.Of($"t/{i % 7}", $"<{i}> " + new string('x', 300 + i), retain: i % 10 == 0, publisher: $"p{i % 3}");
            directory.Test.Journal.TryAppend(@event, out _).ShouldBe(AppendResult.Appended);
            directory._written.Add(@event);
            await directory.Test.KeptAsync(directory.Test.Journal.AppendState(StatePart.Sessions, [.. $"record {i} {new string('y', 40)}".Select(c => (byte)c)]));
        }
        directory.Test.Journal.Routed(directory.Test.Journal.Next);
        await directory.Test.KeptAsync(directory.Test.Journal.AppendState(StatePart.Sessions, "last"u8));
        var next = isKilled ? directory.Test.Simulated.Restart() : null;
        await directory.Test.StopAsync();
        directory.Test.Disk = next ?? directory.Test.Disk;
        return directory;
    }

    /// <summary>The files with this ending, in order.</summary>
    public List<string> Files(string suffix) =>
        [.. Test.Disk.List(Folder).Where(name => name.EndsWith(suffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name => Path.Combine(Folder, name))];

    public void Delete(string file) => Test.Disk.Delete(file);

    public byte[] Read(string file)
    {
        using var opened = Test.Disk.Open(file);
        var bytes = new byte[opened.Length];
        opened.Read(0, bytes);
        return bytes;
    }

    public void Overwrite(string file, int offset, ReadOnlySpan<byte> bytes)
    {
        using var opened = Test.Disk.Open(file, writable: true);
        opened.Write(offset, bytes);
    }

    public void FlipBit(string file, int offset, int bit = 3) => Overwrite(file, offset, [(byte)(Read(file)[offset] ^ (1 << bit))]);

    /// <summary>Where in the file this stands.</summary>
    public int Find(string file, ReadOnlySpan<byte> bytes) => Read(file).AsSpan().IndexOf(bytes);

    /// <summary>Opens, and holds what can be read against what was written: nothing is changed, and what is missing is told.</summary>
    public LogReading Open()
    {
        Test.Open();
        var read = LogReading.Of(Test.Journal);
        foreach (var @event in read.Events)
            @event.Payload.ShouldBe(_written[(int)@event.Sequence - 1].Payload);
        var told = read.Events.Select(@event => @event.Sequence)
            .Concat(read.Gaps.SelectMany(gap => Range(gap.From, Math.Min(gap.To, _written.Count + 1)))).Order();
        told.ShouldBe(Range(1, _written.Count + 1), "each is read, or told to be missing");
        return read;
    }

    public ValueTask DisposeAsync() => Test.DisposeAsync();

    private string Folder => Path.Combine(Test.Path, "journal");

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var i = from; i < to; i++)
            yield return i;
    }
}
