using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Core.Tests.Journaling.Segments;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Journaling.Reading;

/// <summary>Segments on a disk, made at random, and what a reader should find in them.</summary>
internal sealed class SampleLog
{
    public const string Folder = "/journal";

    private readonly List<Segment> _made = [];

    public SampleLog(IDisk? disk = null)
    {
        Disk = disk ?? new SimulatedDisk();
        Disk.CreateDirectory(Folder);
        Segments = new SegmentList([]);
    }

    public IDisk Disk { get; }

    public TopicTable Topics { get; } = new(1 << 26);

    public SegmentList Segments { get; private set; }

    /// <summary>What is there, in order: events by their sequences, and gaps.</summary>
    public List<(Event? Event, JournalGap? Gap)> Content { get; } = [];

    public IEnumerable<Event> Events => Content.Select(item => item.Event).OfType<Event>();

    /// <summary>The sequence behind the last event.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>Adds a segment that begins after a gap, if there is a reason for one.</summary>
    public SegmentBuilder Begin(SkipReason skip = SkipReason.None, long skipped = 0)
    {
        if (skipped > 0)
        {
            var reason = skip == SkipReason.Crash ? GapReason.Crashed : GapReason.NotWritten;
            Content.Add((null, new JournalGap(Next, Next + skipped, reason)));
        }
        return new SegmentBuilder(_made.Count + 1, Next + skipped, Next, skip, Topics);
    }

    /// <summary>Puts it on the disk. The events from <paramref name="damaged"/> on, so many, are damaged before it is scanned.</summary>
    public Segment End(SegmentBuilder builder, bool indexed, (int From, int Count) damaged = default)
    {
        var bytes = builder.ToArray();
        var lost = builder.Events.Keys.Order().Skip(damaged.From).Take(damaged.Count).ToHashSet();
        foreach (var sequence in lost)
            bytes[builder.Events[sequence].Offset + 12] ^= 1;
        var path = SegmentFiles.Segment(Folder, builder.Header.Number);
        using (var file = Disk.Create(path))
            file.Write(0, bytes);
        using var written = Disk.Open(path);
        var segment = new Segment(Disk, path, SegmentScan.Of(written).Directory!);
        if (indexed)
        {
            segment.MakeIndex();
            SegmentIndexes.TryOpen(Disk, path, out segment!).ShouldBeTrue();
        }
        foreach (var sequence in builder.Events.Keys.Order())
        {
            if (!lost.Contains(sequence))
                Content.Add((builder.Events[sequence].Event, null));
            else if (Content is [.., (null, { Reason: GapReason.Damaged } gap)] && gap.To == sequence)
                Content[^1] = (null, gap with { To = sequence + 1 });
            else
                Content.Add((null, new JournalGap(sequence, sequence + 1, GapReason.Damaged)));
        }
        Next = builder.NextSequence;
        builder.Dispose();
        _made.Add(segment);
        Segments.Add(segment);
        return segment;
    }

    /// <summary>A log of some segments with everything that can be between and in them.</summary>
    public static SampleLog Random(int seed)
    {
        var random = new Random(seed);
        var log = new SampleLog();
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            var skip = random.Next(4) switch { 0 => SkipReason.Crash, 1 => SkipReason.Lost, _ => SkipReason.None };
            var segment = log.Begin(skip, skip == SkipReason.None ? 0 : random.Next(1, 1000));
            var events = random.Next(4) == 0 ? 0 : random.Next(600);
            SegmentIndexTests.Fill(segment, events, random.Next(1, 30), random.Next());
            var damaged = events > 10 && random.Next(3) == 0 ? (random.Next(events - 5), random.Next(1, 5)) : default;
            log.End(segment, random.Next(2) == 0, damaged);
        }
        return log;
    }

    /// <summary>As after a start: nothing that was read of an index is in memory.</summary>
    public void Reopen()
    {
        var all = Segments.All.Select(segment => SegmentIndexes.TryOpen(Disk, segment.Path, out var indexed) ? indexed : segment);
        Segments = new SegmentList(all.ToArray());
    }

    public JournalReader Read(JournalStart from, string? filter = null) =>
        new(Segments, Topics, from, filter is null ? null : TopicFilter.Parse(filter));

    /// <summary>What a reader should give that begins at this sequence.</summary>
    public List<(Event? Event, JournalGap? Gap)> From(long sequence, string? filter)
    {
        var matching = filter is null ? (TopicFilter?)null : TopicFilter.Parse(filter);
        List<(Event? Event, JournalGap? Gap)> expected = [];
        foreach (var (@event, gap) in Content)
        {
            if (@event is not null && @event.Sequence >= sequence && matching?.Matches(@event.Topic.Name) is not false)
                expected.Add((@event, null));
            else if (gap is { } missing && missing.To > sequence)
                expected.Add((null, missing with { From = Math.Max(missing.From, sequence) }));
        }
        return expected;
    }

    /// <summary>Everything that the reader gives until its end.</summary>
    public static List<(Event? Event, JournalGap? Gap)> ReadAll(JournalReader reader, int batch = 100)
    {
        List<(Event? Event, JournalGap? Gap)> read = [];
        var into = new Event[batch];
        while (true)
        {
            var count = reader.Read(into, out var gap);
            read.AddRange(into.Take(count).Select(@event => ((Event?)@event, (JournalGap?)null)));
            if (gap is not null)
            {
                count.ShouldBe(0);
                read.Add((null, gap));
            }
            else if (count == 0)
            {
                return read;
            }
        }
    }
}
