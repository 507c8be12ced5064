using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using TelemetryHub.Core.Feeds;

namespace TelemetryHub.Core.Tests.Feeds.Harness;

/// <summary>A reader as a connection would drive it: it fills when it is woken, and only when somebody takes what it has filled.</summary>
internal sealed class TestReader : IReaderOwner, IDisposable
{
    private const int Budget = 4096;

    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Queue<JsonElement> _items = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private ReaderFill _last = ReaderFill.More;

    public TestReader(FeedTable table, FeedDefinition definition, ReaderOptions options, IFeedLoop? loop = null) =>
        Reader = table.Open(definition, options, this, loop);

    public FeedReader Reader { get; }

    /// <summary>The cursor of the newest item that was taken.</summary>
    public Cursor Cursor { get; private set; }

    public FeedStart Resume => FeedStart.After(Cursor);

    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>The next item, whatever it is.</summary>
    public async Task<JsonElement> NextItemAsync()
    {
        while (!_items.TryPeek(out _))
        {
            _last.ShouldNotBe(ReaderFill.End, "nothing comes behind the end");
            if (_last == ReaderFill.Empty)
                await _wakes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            Fill();
        }
        var item = _items.Dequeue();
        Take(item);
        return item;
    }

    /// <summary>The next item that is not a mere cursor.</summary>
    public async Task<JsonElement> NextAsync()
    {
        while (true)
        {
            var item = await NextItemAsync();
            if (TypeOf(item) != "cursor")
                return item;
        }
    }

    /// <summary>The next, which is an event: its topic and payload.</summary>
    public async Task<string> NextEventAsync()
    {
        var item = await NextAsync();
        TypeOf(item).ShouldBe("event", item.ToString());
        return Text(item);
    }

    /// <summary>The next so many events.</summary>
    public async Task<List<string>> NextEventsAsync(int count)
    {
        var events = new List<string>();
        while (events.Count < count)
            events.Add(await NextEventAsync());
        return events;
    }

    /// <summary>Fills once, as after a wake; what comes is for the next calls.</summary>
    public ReaderFill Fill()
    {
        _output.ResetWrittenCount();
        _last = Reader.Fill(_output, Budget);
        foreach (var line in System.Text.Encoding.UTF8.GetString(_output.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _items.Enqueue(JsonDocument.Parse(line).RootElement);
        return _last;
    }

    /// <summary>Everything that is there now, without waiting: events as in <see cref="NextEventAsync"/>, other items as their type.</summary>
    public List<string> Now()
    {
        while (Fill() == ReaderFill.More)
        {
            // until there is nothing more
        }
        return TakeItems();
    }

    /// <summary>What one fill gives, as in <see cref="Now"/>.</summary>
    public List<string> TakeSome()
    {
        Fill();
        return TakeItems();
    }

    /// <summary>What one fill gives, as it is.</summary>
    public List<JsonElement> TakeRaw()
    {
        Fill();
        List<JsonElement> items = [.. _items];
        _items.Clear();
        items.ForEach(Take);
        return items;
    }

    private List<string> TakeItems()
    {
        var now = new List<string>();
        while (_items.TryDequeue(out var item))
        {
            Take(item);
            if (TypeOf(item) != "cursor")
                now.Add(TypeOf(item) == "event" ? Text(item) : TypeOf(item));
        }
        return now;
    }

    private static string Text(JsonElement item) => $"{item.GetProperty("topic").GetString()}={item.GetProperty("payload")}";

    private void Take(JsonElement item)
    {
        if (!item.TryGetProperty("id", out var id))
            return;
        Cursor.TryParse(id.GetString(), out var cursor).ShouldBeTrue();
        Cursor = cursor;
    }

    public static string TypeOf(JsonElement item) => item.TryGetProperty("type", out var type) ? type.GetString()! : "event";

    public void Dispose() => Reader.Dispose();
}
