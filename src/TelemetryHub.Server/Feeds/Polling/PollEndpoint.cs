using System.Buffers;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Core.Feeds.Encodings;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Http;

namespace TelemetryHub.Server.Feeds.Polling;

/// <summary>
/// Long-polls: <c>{"events":[…],"next":"&lt;cursor&gt;"}</c> as soon as there is something behind the cursor, or when the time is over. Without a cursor it answers at
/// once with the newest one. Nothing is remembered between two of them: an answer that gets lost is given again for the old cursor.
/// </summary>
internal sealed class PollEndpoint(
    FeedTable feeds, FeedRequestReader requests, Refusals refusals, Admission admission, PollBudget budget, TimeProvider time) : IFeedEndpoint
{
    private const int DefaultLimit = 1000;

    // What a client is willing to parse at once. One item more may come.
    private const int MaxBytes = 1 << 20;

    // So long a search in the past may take before it is told how far it has come.
    private static readonly TimeSpan MostCatchingUp = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(25); // proxies cut what is quiet for 30 s or 60 s

    private static readonly Refusal TooManyAnswers = new(
        StatusCodes.Status503ServiceUnavailable, ByeReason.Overload, "The hub holds as many answers as it may that their clients have not taken yet.");

    /// <inheritdoc/>
    public bool Serves(FeedTransport transport) => transport == FeedTransport.Poll;

    /// <inheritdoc/>
    public async Task ServeAsync(HttpContext context, FeedTransport transport)
    {
        if (!requests.TryRead(context, out var request, out var problem))
        {
            await refusals.WriteAsync(context, Refusal.Of(problem));
            return;
        }
        if (admission.Enter() is var reason and not ByeReason.None)
        {
            await refusals.WriteAsync(context, Refusal.OfDoor(reason));
            return;
        }
        try
        {
            await PollAsync(context, request);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
        finally
        {
            admission.Leave();
        }
    }

    private async Task PollAsync(HttpContext context, FeedRequest request)
    {
        var tags = PollTags.In(context.Request);
        if (request.Start == FeedStart.Live && tags is [var tag, ..])
            request = request with { Start = StartText.OfLastEventId(tag) };
        using var items = new PollItems(request.Limit ?? DefaultLimit, budget);
        var next = await ReadAsync(context, request, items);
        if (items.Count == 0 && budget.IsUsedUp)
        {
            await refusals.WriteAsync(context, TooManyAnswers);
            return;
        }

        context.Response.Headers.ETag = PollTags.Of(next);
        // Kept anywhere, it would be shown again to who asks again.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (items.Count == 0 && request.Start.Cursor is { } cursor && tags.Contains(cursor.ToString()))
            context.Response.StatusCode = StatusCodes.Status304NotModified;
        else
            await WriteAsync(context, items, next);
    }

    private async Task<string> ReadAsync(HttpContext context, FeedRequest request, PollItems items)
    {
        var wake = new WakeSignal();
        var encoding = new JsonLineEncoding(request.Format, null);
        var options = (request with { Heartbeat = TimeSpan.Zero }).Options("poll", Peer.Of(context)?.ToString());
        using var reader = feeds.Open(request.Definition(ReaderIdentity.Of(context), encoding), options, new Owner(wake));
        using var patience = new CancellationTokenSource(request.Wait ?? DefaultWait, time);
        using var catchingUp = new CancellationTokenSource(MostCatchingUp, time);
        var isForCursor = request.Start == FeedStart.Live && !request.Snapshot;
        while (Fill(reader, items) && !isForCursor)
        {
            // Who asks for the past gets it, also without waiting: that it has to be read first is not his business.
            var isCatchingUp = reader.IsCatchingUp;
            if (!isCatchingUp && items.Count > 0)
                break;
            var end = isCatchingUp ? catchingUp.Token : patience.Token;
            await wake.WaitAsync(end, context.RequestAborted);
            if (!end.IsCancellationRequested)
                continue;
            // However long nothing matches, the cursor goes on with what is published elsewhere: so it never becomes too old.
            reader.WantCursor();
            Fill(reader, items);
            break;
        }
        return items.IsCut ? items.LastCursor! : new Cursor(feeds.Epoch, reader.Position).ToString();
    }

    // Whether there is room for more, and there may be more.
    private bool Fill(FeedReader reader, PollItems items)
    {
        while (items.Bytes < MaxBytes && !items.IsCut && !budget.IsUsedUp)
        {
            var filled = reader.Fill(items, MaxBytes - items.Bytes);
            items.Look();
            if (filled != ReaderFill.More)
                return filled == ReaderFill.Empty && !items.IsCut;
        }
        return false;
    }

    private static async Task WriteAsync(HttpContext context, PollItems items, string next)
    {
        context.Response.ContentType = Negotiation.Json;
        var body = context.Response.BodyWriter;
        body.Write("{\"events\":["u8);
        await body.WriteAsync(items.Elements, context.RequestAborted);
        body.Write("],\"next\":\""u8);
        body.Write(System.Text.Encoding.ASCII.GetBytes(next));
        body.Write("\"}\n"u8);
        await body.FlushAsync(context.RequestAborted);
    }

    private sealed class Owner(WakeSignal wake) : IReaderOwner
    {
        public void Wake() => wake.Wake();
    }
}
