using System.Buffers;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

public sealed class FeedAllocationTests
{
    private const int Readers = 100;
    private const int Events = 10;

    [Fact]
    public async Task Writing_an_event_to_one_more_reader_allocates_nothing()
    {
        await using var feeds = TestFeeds.Start(loop: new InlineLoop());
        var owners = Enumerable.Range(0, Readers).Select(_ => new Owner(feeds)).ToList();
        var output = new ArrayBufferWriter<byte>(1 << 16);
        for (var warm = 0; warm < 50; warm++)
            Round(feeds, owners, output);

        var allocated = 0L;
        for (var round = 0; round < 50; round++)
            allocated += Round(feeds, owners, output);
        owners.ForEach(owner => owner.Reader.Dispose());
        allocated.ShouldBe(0);
    }

    // Publishing and encoding allocate: they are done once for all readers.
    private static long Round(TestFeeds feeds, List<Owner> owners, ArrayBufferWriter<byte> output)
    {
        for (var i = 0; i < Events; i++)
            feeds.Publish("a");
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var owner in owners)
        {
            output.ResetWrittenCount();
            owner.Reader.Fill(output, 1 << 16);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class Owner : IReaderOwner
    {
        public Owner(TestFeeds feeds) =>
            Reader = feeds.Table.Open(TestFeeds.Definition("#"), new ReaderOptions { Transport = "test" }, this, feeds.Loop);

        public FeedReader Reader { get; }

        public void Wake()
        {
            // the test fills by itself
        }
    }
}
