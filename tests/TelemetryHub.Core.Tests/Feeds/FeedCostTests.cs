using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

/// <summary>What a reader takes that waits.</summary>
public sealed class FeedCostTests
{
    private const int Readers = 10_000;

    [Fact]
    public async Task An_idle_reader_on_a_feed_of_its_own_takes_less_than_two_kilobytes()
    {
        var bytes = await PerReaderAsync(number => $"device/{number}/#");
        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes} bytes");
        bytes.ShouldBeLessThan(2048);
    }

    [Fact]
    public async Task An_idle_reader_that_shares_its_feed_takes_less_than_half_a_kilobyte()
    {
        var bytes = await PerReaderAsync(_ => "device/#");
        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes} bytes");
        bytes.ShouldBeLessThan(512);
    }

    // Allocated by this thread, not the size of the heap: other tests run at the same time. What is thrown away while opening is in it.
    private static async Task<long> PerReaderAsync(Func<int, string> filters)
    {
        await using var feeds = TestFeeds.Start(loop: new InlineLoop());
        var owner = new Idle();
        var readers = new List<FeedReader>(Readers);
        var definitions = Enumerable.Range(0, Readers).Select(number => TestFeeds.Definition(filters(number))).ToList();
        var options = new ReaderOptions { Transport = "test" };
        var output = new System.Buffers.ArrayBufferWriter<byte>(1 << 10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var definition in definitions)
        {
            var reader = feeds.Table.Open(definition, options, owner, feeds.Loop);
            output.ResetWrittenCount();
            reader.Fill(output, 1 << 10);
            readers.Add(reader);
        }
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Readers;
        readers.ForEach(reader => reader.Dispose());
        return bytes;
    }

    private sealed class Idle : IReaderOwner
    {
        public void Wake()
        {
            // the test fills by itself
        }
    }
}
