using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt.Tests;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Journaling.Format;

public sealed class FrameTests : IDisposable
{
    private readonly FrameWriter _writer = new();

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void Every_event_comes_back_as_it_was()
    {
        var runs =
            from header in JournalGenerators.Header
            from @event in JournalGenerators.Event
            from ahead in Gen.Choose(0, int.MaxValue)
            select (header, @event, ahead);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            var (header, @event, ahead) = run;
            @event.Sequence = header.FirstSequence + ahead;
            _writer.Reset(header);
            _writer.Event(@event, ahead, ahead / 2);
            var reader = new FrameReader(_writer.Written, header.Salt);
            reader.Read().ShouldBe(FrameStatus.Whole);
            reader.Kind.ShouldBe(FrameKind.Event);
            EventFrame.TryRead(reader.Body, header, out var frame).ShouldBeTrue();
            (frame.TopicId, frame.PublisherId).ShouldBe((ahead, ahead / 2));
            frame.IsState.ShouldBe(@event.Retain || @event.Session != 0);
            frame.ToEvent(@event.Topic, @event.Publisher).ShouldBeSameAs(@event);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Every_other_frame_comes_back_as_it_was()
    {
        var header = new SegmentHeader(1, 1, 0, 1, SkipReason.None, 99);
        _writer.Reset(header);
        var commit = new CommitFrame(123, 456, 789, 700);
        var seal = new SealFrame(true, 790, 750, 457);
        var user = new Principal("device/é", "user");
        _writer.Commit(commit).ShouldBe(0);
        _writer.Topic(300, TopicName.Parse("a/b")).ShouldBe(45);
        _writer.Publisher(7, user);
        _writer.Publisher(8, new Principal("", null));
        _writer.Hole(FrameReader.MinFrameBytes);
        _writer.Hole(1000);
        _writer.Seal(seal);

        var reader = new FrameReader(_writer.Written, header.Salt);
        Next(ref reader, FrameKind.Commit);
        CommitFrame.TryRead(reader.Body, out var readCommit).ShouldBeTrue();
        readCommit.ShouldBe(commit);
        Next(ref reader, FrameKind.Topic);
        TopicFrame.TryRead(reader.Body, out var topic).ShouldBeTrue();
        (topic.Id, topic.Name.SequenceEqual("a/b"u8)).ShouldBe((300, true));
        Next(ref reader, FrameKind.Publisher);
        PublisherFrame.TryRead(reader.Body, out var publisher).ShouldBeTrue();
        (publisher.Id, publisher.ToPrincipal()).ShouldBe((7, user));
        Next(ref reader, FrameKind.Publisher);
        PublisherFrame.TryRead(reader.Body, out publisher).ShouldBeTrue();
        publisher.ToPrincipal().ShouldBe(new Principal("", null));
        Next(ref reader, FrameKind.Hole);
        reader.Body.Length.ShouldBe(0);
        Next(ref reader, FrameKind.Hole);
        (reader.NextOffset - reader.Offset).ShouldBe(1000);
        Next(ref reader, FrameKind.Seal);
        SealFrame.TryRead(reader.Body, out var readSeal).ShouldBeTrue();
        readSeal.ShouldBe(seal);
        reader.Read().ShouldBe(FrameStatus.Cut);
        reader.Offset.ShouldBe(_writer.Count);
    }

    [Fact]
    public void Records_of_state_come_back_in_order()
    {
        var records = new[] { JournalGenerators.RandomBytes(3, 1), [], JournalGenerators.RandomBytes(5000, 2) };
        var entries = new byte[6000];
        var length = 0;
        foreach (var record in records)
            length += StateEntries.Write(entries.AsSpan(length), StatePart.Sessions, record);

        var read = new StateEntries(entries.AsSpan(0, length));
        foreach (var record in records)
        {
            read.Read().ShouldBeTrue();
            read.Part.ShouldBe(StatePart.Sessions);
            read.Record.ToArray().ShouldBe(record);
        }
        read.Read().ShouldBeFalse();
        read.IsMalformed.ShouldBeFalse();

        var cut = new StateEntries(entries.AsSpan(0, length - 1));
        while (cut.Read())
        {
        }
        cut.IsMalformed.ShouldBeTrue();
    }

    [Fact]
    public void The_buffer_grows_for_what_is_large_and_shrinks_again()
    {
        var header = new SegmentHeader(1, 1, 0, 1, SkipReason.None, 99);
        _writer.Reset(header);
        var large = new Event
        {
            Topic = new TopicTable(1 << 20).Get(TopicName.Parse("t")),
            Payload = JournalGenerators.RandomBytes(9 << 20, 1),
            Publisher = Principal.Hub,
            Time = 0,
            Sequence = 1,
        };
        _writer.Commit(default);
        var at = _writer.Event(large, 0, 0);
        var reader = new FrameReader(_writer.Written, header.Salt);
        reader.MoveTo(at);
        Next(ref reader, FrameKind.Event);
        EventFrame.TryRead(reader.Body, header, out var frame).ShouldBeTrue();
        frame.Payload.SequenceEqual(large.Payload).ShouldBeTrue();
        _writer.Clear();
        _writer.Written.Length.ShouldBe(0);
    }

    [Fact]
    public void Encoding_allocates_nothing()
    {
        var header = new SegmentHeader(1, 1, 0, 1, SkipReason.None, 99);
        var @event = new Event
        {
            Topic = new TopicTable(1 << 20).Get(TopicName.Parse("plant/1/temperature")),
            Payload = new byte[64],
            Publisher = Principal.Hub,
            Time = 5,
            Sequence = 9,
        };
        AllocatedBytes.ByWarm(() =>
        {
            _writer.Reset(header);
            _writer.Commit(default);
            for (var i = 0; i < 100; i++)
                _writer.Event(@event, 1, 0);
        }).ShouldBe(0);
    }

    private static void Next(ref FrameReader reader, FrameKind kind)
    {
        reader.Read().ShouldBe(FrameStatus.Whole);
        reader.Kind.ShouldBe(kind);
    }
}
