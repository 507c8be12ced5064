using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Journaling.Segments;
using TelemetryHub.Core.Tests.Journaling.Disks;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Journaling.Segments;

public sealed class SegmentIndexTests : IDisposable
{
    private const string Folder = "/journal";

    private static readonly string Path = SegmentFiles.Segment(Folder, 1);
    private static readonly string IndexPath = SegmentFiles.Index(Folder, 1);

    private readonly SimulatedDisk _disk = new();
    private readonly SegmentBuilder _segment = new(firstSequence: 5000);

    public SegmentIndexTests() => _disk.CreateDirectory(Folder);

    public void Dispose() => _segment.Dispose();

    [Fact]
    public void The_index_knows_what_a_scan_finds()
    {
        var sizes =
            from events in Gen.Choose(0, 1500)
            from topics in Gen.Choose(1, 40)
            from seed in Gen.Choose(0, 1_000_000)
            from damaged in Gen.Elements(false, false, true)
            select (events, topics, seed, damaged);
        Prop.ForAll(sizes.ToArbitrary(), run =>
        {
            using var segment = new SegmentBuilder(firstSequence: 5000);
            Fill(segment, run.events, run.topics, run.seed);
            var bytes = segment.ToArray();
            if (run.damaged)
                bytes.AsSpan(bytes.Length / 3, bytes.Length / 4).Fill(0xEE);
            var scan = Scan(bytes);
            IndexWriter.Write(_disk, IndexPath, scan.Directory!);
            SegmentIndex.TryOpen(_disk, IndexPath, segment.Header, out var index).ShouldBeTrue();
            ShouldKnowTheSame(index, scan.Directory!, segment);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public void A_segment_is_known_by_its_index_alone()
    {
        Fill(_segment, 300, 5, 1);
        WriteIndexed();
        SegmentIndexes.TryOpen(_disk, Path, out var segment).ShouldBeTrue();
        segment.Header.ShouldBe(_segment.Header);
        (segment.NextSequence, segment.Bytes).ShouldBe((5300, _segment.Length));
        (segment.MinTime, segment.MaxTime).ShouldBe((_segment.Events.Values.Min(e => e.Event.Time), _segment.Events.Values.Max(e => e.Event.Time)));
        segment.Directory.ShouldBeNull();
    }

    [Fact]
    public void An_index_is_not_taken_for_that_of_another_file()
    {
        Fill(_segment, 30, 5, 1);
        WriteIndexed();
        using (var file = _disk.Open(Path, writable: true))
            file.SetLength(file.Length + 1);
        SegmentIndexes.TryOpen(_disk, Path, out _).ShouldBeFalse("it is longer");
        using (var file = _disk.Open(Path, writable: true))
        {
            file.SetLength(file.Length - 1);
            SegmentIndexes.TryOpen(_disk, Path, out _).ShouldBeTrue();
            var header = new byte[SegmentHeader.Bytes];
            (_segment.Header with { Salt = 1 }).Write(header);
            file.Write(0, header);
        }
        SegmentIndexes.TryOpen(_disk, Path, out _).ShouldBeFalse("it is another one");
        SegmentIndex.TryOpen(_disk, IndexPath, _segment.Header with { Salt = 1 }, out _).ShouldBeFalse();
        _disk.Delete(IndexPath);
        SegmentIndexes.TryOpen(_disk, Path, out _).ShouldBeFalse("there is none");
    }

    [Fact]
    public void Any_changed_bit_is_noticed_and_the_index_is_made_again()
    {
        Fill(_segment, 200, 5, 1);
        WriteIndexed();
        SegmentIndexes.TryOpen(_disk, Path, out var segment).ShouldBeTrue();
        var good = ReadAll(IndexPath);
        var core = IndexHeader.Bytes + new IndexLayout(HeaderOf()).CoreBytes;
        segment.TryHold(out var held).ShouldBeTrue();
        for (var at = 0; at < good.Length; at += 1 + (at % 3))
        {
            using (var file = _disk.Open(IndexPath, writable: true))
                file.Write(at, [(byte)(good[at] ^ 0x10)]);
            var opens = SegmentIndex.TryOpen(_disk, IndexPath, _segment.Header, out var index);
            opens.ShouldBe(at >= core);
            if (index is not null)
                index.TryFind(TopicFilter.Parse("#"), 0, int.MaxValue, []).ShouldBeFalse("the postings are damaged, and a walk is needed");
            using (var file = _disk.Open(IndexPath, writable: true))
                file.Write(at, [good[at]]);
        }
        using (var file = _disk.Open(IndexPath, writable: true))
            file.SetLength(core - 1);
        ShouldKnowTheSame(segment.Map(held), Scan(ReadAll(Path)).Directory!, _segment);
        ReadAll(IndexPath).ShouldBe(good);
        segment.Release();
    }

    [Fact]
    public void A_disk_that_is_full_leaves_the_segment_readable_without_an_index()
    {
        Fill(_segment, 200, 5, 1);
        WriteIndexed();
        SegmentIndexes.TryOpen(_disk, Path, out var segment).ShouldBeTrue();
        _disk.Delete(IndexPath);
        _disk.FreeBytes = 10;
        segment.TryHold(out var held).ShouldBeTrue();
        ShouldKnowTheSame(segment.Map(held), Scan(ReadAll(Path)).Directory!, _segment);
        segment.Release();
        Should.Throw<IOException>(segment.MakeIndex);
        SegmentIndexes.TryMake(segment);
        _disk.FreeBytes = null;
        SegmentIndexes.Make(new SegmentList([segment]));
        segment.Directory.ShouldBeNull();
        SegmentIndexes.TryOpen(_disk, Path, out _).ShouldBeTrue();
    }

    [Fact]
    public void A_segment_that_is_being_written_gets_no_index()
    {
        var segment = new Segment(_disk, Path, new SegmentDirectory(_segment.Header)) { IsBeingWritten = true };
        segment.MakeIndex();
        segment.Directory.ShouldNotBeNull();
        _disk.List(Folder).ShouldBeEmpty();
    }

    [Fact]
    public void Cut_anywhere_the_index_is_whole_or_not_there()
    {
        Fill(_segment, 300, 20, 1);
        var before = _disk.Position;
        WriteIndexed();
        var known = Scan(_segment.ToArray()).Directory!;
        for (var position = before; position <= _disk.Position; position++)
        {
            for (var seed = 0; seed < 20; seed++)
            {
                var left = PowerCut.After(_disk, position, seed);
                if (SegmentIndex.TryOpen(left, IndexPath, _segment.Header, out var index))
                    ShouldKnowTheSame(index, known, _segment);
                else
                    left.List(Folder).ShouldNotContain(System.IO.Path.GetFileName(IndexPath));
            }
        }
    }

    internal static void Fill(SegmentBuilder segment, int events, int topics, int seed)
    {
        var random = new Random(seed);
        for (var left = events; left > 0;)
        {
            var batch = Math.Min(left, random.Next(1, 60));
            left -= batch;
            segment.Batch(Enumerable.Range(0, batch).Select(_ => segment.Make(
                $"site/{random.Next(topics)}/value",
                new string('x', random.Next(50)),
                time: 1_000_000 + (segment.NextSequence * 10) - random.Next(200),
                publisher: random.Next(3) == 0 ? "" : $"p{random.Next(5)}",
                retain: random.Next(10) == 0)));
        }
        segment.Seal();
    }

    private static void ShouldKnowTheSame(ISegmentMap index, SegmentDirectory scanned, SegmentBuilder segment)
    {
        (index.Header, index.NextSequence, index.EndOffset, index.HasMissing)
            .ShouldBe((scanned.Header, scanned.NextSequence, scanned.EndOffset, scanned.HasMissing));
        (index.TopicCount, index.StateCount).ShouldBe((scanned.TopicCount, scanned.StateCount));
        for (var sequence = scanned.Header.FirstSequence; sequence <= scanned.NextSequence; sequence++)
        {
            var (offset, exact) = (index.Seek(sequence), scanned.Seek(sequence));
            offset.ShouldBeLessThanOrEqualTo(exact);
            offset.ShouldBeGreaterThanOrEqualTo(scanned.Seek(sequence - IndexHeader.OffsetBlock + 1));
        }
        for (var i = 0; i < scanned.StateCount; i++)
            index.StateOffset(i).ShouldBe(scanned.StateOffset(i));
        for (var id = 0; id < scanned.TopicCount; id++)
            index.TopicName(id).SequenceEqual(scanned.TopicName(id)).ShouldBeTrue();
        for (var id = 0; id < scanned.PublisherCount; id++)
            index.Publisher(id).ShouldBe(scanned.Publisher(id));
        index.Publisher(scanned.PublisherCount).ShouldBeNull();
        foreach (var time in segment.Events.Values.Select(e => e.Event.Time).Append(0).Append(long.MaxValue))
            index.SeekTime(time).ShouldBe(scanned.SeekTime(time));
        foreach (var filter in new[] { "#", "site/3/value", "site/+/value", "none" }.Select(TopicFilter.Parse))
            ShouldFindTheSame(index, scanned, filter);
    }

    private static void ShouldFindTheSame(ISegmentMap index, SegmentDirectory scanned, TopicFilter filter)
    {
        var middle = (scanned.Header.FirstSequence + scanned.NextSequence) / 2;
        List<int> all = [], indexed = [];
        scanned.TryFind(filter, 0, int.MaxValue, all).ShouldBeTrue();
        index.TryFind(filter, 0, int.MaxValue, indexed).ShouldBeTrue();
        indexed.ShouldBe(all);
        if (all.Count > 0)
            index.TryFind(filter, 0, all.Count - 1, []).ShouldBeFalse();
        indexed.Clear();
        index.TryFind(filter, middle, int.MaxValue, indexed).ShouldBeTrue();
        indexed.ShouldBe(all.Where(offset => offset >= index.Seek(middle)));
    }

    private void WriteIndexed()
    {
        _segment.WriteTo(_disk, Path);
        new Segment(_disk, Path, Scan(_segment.ToArray()).Directory!).MakeIndex();
    }

    private IndexHeader HeaderOf()
    {
        SegmentIndex.TryReadHeader(_disk, IndexPath, out var header).ShouldBeTrue();
        return header;
    }

    private static SegmentScan Scan(byte[] bytes)
    {
        using var file = new SimulatedDisk().Create("/segment");
        file.Write(0, bytes);
        return SegmentScan.Of(file);
    }

    private byte[] ReadAll(string path)
    {
        using var file = _disk.Open(path);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }
}
