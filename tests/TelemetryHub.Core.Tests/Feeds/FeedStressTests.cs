using System.Buffers;
using System.Collections.Concurrent;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Tests.Feeds.Harness;

namespace TelemetryHub.Core.Tests.Feeds;

/// <summary>Everything at once, with real threads.</summary>
public sealed class FeedStressTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);
    private static readonly string[] Filters = ["#", "a/#", "a/1,b/2,c/+", "b/2", "c/1,c/2,a/3", "last"];

    [Fact]
    public async Task Feeds_that_come_and_go_while_everything_is_published_miss_no_wake_up_and_leave_nothing_behind()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var feeds = TestFeeds.Start(new FeedSettings { RingBytes = 64 << 10 }, tailEvents: 1024, segmentBytes: 1 << 20);
        using var thread = new LoopThread();
        using var stop = new CancellationTokenSource(Duration);
        var stayed = new ConcurrentBag<ThreadedReader>();
        var publishers = Enumerable.Range(0, 2).Select(number => Task.Run(() => Publish(feeds, number, stop.Token), cancel));
        var visitors = Enumerable.Range(0, 4).Select(number => Task.Run(() => Visit(feeds, thread, new Random(number), stayed, stop.Token), cancel));
        using var end = new CancellationTokenSource();
        var clock = Task.Run(() => PassTime(feeds, end.Token), cancel);
        await Task.WhenAll(publishers.Concat(visitors));

        feeds.Publish("last", "end");
        foreach (var reader in stayed)
            await reader.SawLast.WaitAsync(TimeSpan.FromSeconds(30), cancel);
        await end.CancelAsync();
        await clock;
        foreach (var reader in stayed)
            reader.Dispose();
        feeds.Table.FeedCount.ShouldBe(0);
        feeds.Table.ReaderCount.ShouldBe(0);
        feeds.Router.SubscriptionCount.ShouldBe(0);
        feeds.Table.Replays.Count.ShouldBe(0);
        thread.Fault.ShouldBeNull();
        stayed.ShouldNotBeEmpty();
        stayed.Select(reader => reader.Fault).ShouldAllBe(fault => fault == null);
    }

    private static void PassTime(TestFeeds feeds, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            feeds.Time.Advance(TimeSpan.FromMilliseconds(1));
            Thread.Yield();
        }
    }

    private static void Publish(TestFeeds feeds, int number, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
            feeds.Publish($"{(char)('a' + (i % 3))}/{i % 4}", $"{number}");
    }

    private static void Visit(TestFeeds feeds, LoopThread thread, Random random, ConcurrentBag<ThreadedReader> stayed, CancellationToken stop)
    {
        var open = new List<ThreadedReader>();
        while (!stop.IsCancellationRequested)
        {
            var options = new ReaderOptions
            {
                Start = random.Next(3) switch
                {
                    0 => FeedStart.Live,
                    1 => FeedStart.Earliest,
                    _ => FeedStart.After(new Cursor(feeds.Epoch, Math.Max(0, feeds.Log.Journal.Next - random.Next(1, 5000)))),
                },
                Overflow = (OverflowPolicy)random.Next(3),
                Snapshot = random.Next(4) == 0,
                Transport = "test",
            };
            var every = random.Next(3) == 0 ? TimeSpan.FromMilliseconds(10) : TimeSpan.Zero;
            open.Add(new ThreadedReader(feeds.Table, TestFeeds.Definition($"{Filters[random.Next(Filters.Length)]},last", every), options, random.Next(2) == 0 ? thread : null));
            if (random.Next(8) > 0 || open.Count > 10)
            {
                var leaving = random.Next(open.Count);
                open[leaving].Dispose();
                open.RemoveAt(leaving);
            }
        }
        open.ForEach(stayed.Add);
    }

    /// <summary>A feed loop that is one thread, as a reactor's.</summary>
    private sealed class LoopThread : IFeedLoop, IDisposable
    {
        private readonly BlockingCollection<Action> _work = [];
        private readonly Thread _thread;

        public LoopThread()
        {
            _thread = new Thread(Run) { IsBackground = true };
            _thread.Start();
        }

        public Exception? Fault { get; private set; }

        public void Post(Action work) => _work.Add(work);

        public void Dispose()
        {
            _work.CompleteAdding();
            _thread.Join();
            _work.Dispose();
        }

        private void Run()
        {
            foreach (var work in _work.GetConsumingEnumerable())
            {
                try
                {
                    work();
                }
                catch (Exception fault)
                {
                    Fault = fault;
                }
            }
        }
    }

    /// <summary>Fills on the pool whenever it is woken, one fill at a time, as a link over pipes does.</summary>
    private sealed class ThreadedReader : IReaderOwner, IDisposable
    {
        private readonly Lock _filling = new(); // held by whoever fills or disposes
        private readonly ArrayBufferWriter<byte> _output = new();
        private readonly TaskCompletionSource _sawLast = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private FeedReader? _reader;
        private int _mail = 1; // as if owned until it has its reader
        private bool _isDisposed;

        public ThreadedReader(FeedTable table, FeedDefinition definition, ReaderOptions options, IFeedLoop? loop)
        {
            _reader = table.Open(definition, options, this, loop);
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.Run(), this, preferLocal: false);
        }

        public Task SawLast => _sawLast.Task;

        public Exception? Fault { get; private set; }

        public void Wake()
        {
            if (Interlocked.Increment(ref _mail) == 1)
                ThreadPool.UnsafeQueueUserWorkItem(static self => self.Run(), this, preferLocal: false);
        }

        public void Dispose()
        {
            lock (_filling)
            {
                _isDisposed = true;
                _reader!.Dispose();
            }
        }

        private void Run()
        {
            int seen;
            do
            {
                seen = Volatile.Read(ref _mail);
                lock (_filling)
                    Fill();
            }
            while (Interlocked.CompareExchange(ref _mail, 0, seen) != seen);
        }

        private void Fill()
        {
            try
            {
                while (!_isDisposed)
                {
                    _output.ResetWrittenCount();
                    var fill = _reader!.Fill(_output, 4096);
                    if (_output.WrittenSpan.IndexOf("\"topic\":\"last\""u8) >= 0)
                        _sawLast.TrySetResult();
                    if (fill != ReaderFill.More)
                        return;
                }
            }
            catch (Exception fault)
            {
                Fault = fault;
                _sawLast.TrySetResult();
            }
        }
    }
}
