using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Feeds.Encodings;

namespace TelemetryHub.Core.Tests.Feeds.Encodings;

public class NarrowWriterTests
{
    private static readonly IEventEncoding[] Encodings =
    [
        new SseEncoding(EventFormat.Event),
        new SseEncoding(EventFormat.Payload),
        new JsonLineEncoding(EventFormat.Event, "a"),
        new CborEncoding(EventFormat.Event, "a"),
    ];

    [Fact]
    public void What_is_written_does_not_depend_on_where_the_spans_of_the_writer_end()
    {
        var runs =
            from payload in Encoded.AnyPayload.Generator
            from client in Gen.Elements("oven-3", "öfen", "a\"b\n", "水", "😀😀")
            from width in Gen.Choose(1, 80)
            from encoding in Gen.Elements(Encodings)
            select (@event: Encoded.Event(payload, client: client), width, encoding);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            var narrow = new NarrowWriter(run.width);
            run.encoding.WriteEvent(narrow, run.@event, Encoded.Context);
            narrow.Written.ShouldBe(run.encoding.Bytes(run.@event));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Encodings_that_write_the_same_are_equal()
    {
        new SseEncoding(EventFormat.Event).ShouldBe(new SseEncoding(EventFormat.Event));
        new JsonLineEncoding(EventFormat.Event, "a").ShouldBe(new JsonLineEncoding(EventFormat.Event, "a"));
        new CborEncoding(EventFormat.Event, "a").ShouldNotBe(new CborEncoding(EventFormat.Event, "b"));
    }
}
