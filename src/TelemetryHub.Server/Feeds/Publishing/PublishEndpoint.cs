using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>
/// <c>POST /events/&lt;topic&gt;</c>: the body is the payload, or with the type <c>application/x-ndjson</c> each line of it is one.
/// <c>POST /events</c> with that type: each line is an <see cref="EventLine"/> with a topic of its own. Answered when everything is kept.
/// </summary>
/// <param name="publisher">Where to.</param>
/// <param name="epoch">The name of the log in cursors.</param>
/// <param name="lifetime">Says when the hub stops.</param>
/// <param name="time">The clock of waiting.</param>
internal sealed class PublishEndpoint(Publisher publisher, string epoch, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public async Task ServeAsync(HttpContext context)
    {
        if (PublishRequest.Read(context, out var refusal) is not { } request)
        {
            await PublishAnswer.WriteAsync(context, refusal);
            return;
        }
        if (!request.IsBatch && context.Request.ContentLength > publisher.MaxBytes)
        {
            await PublishAnswer.WriteAsync(context, PublishRefusal.Of(PublishStatus.TooLarge));
            return;
        }
        LiftLimits(context, request.IsBatch);
        try
        {
            await PublishAsync(context, request);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more. What was published is.
        }
        catch (IOException) // the same, before the request has been told
        {
            context.Abort(); // or the web server would read the rest of the body, and log that it cannot
        }
    }

    private async Task PublishAsync(HttpContext context, PublishRequest request)
    {
        var run = new PublishRun(publisher, ReaderIdentity.Of(context), time);
        var body = new PublishedBody(context.Request.BodyReader, request, run, publisher.MaxBytes);
        var (refusal, isOfLine) = await ReadAsync(context, body);
        await run.EndAsync(context.RequestAborted);

        // What the log took and lost came before the line at which the reading ended.
        var told = run.HasFailed ? PublishRefusal.Of(PublishStatus.NotKept) : refusal;
        if (told is not { } reason)
            await PublishAnswer.WriteAsync(context, run, epoch);
        else if (request.IsBatch)
            await PublishAnswer.WriteAsync(context, reason, run, body.Lines, refusal is not null && isOfLine ? body.Lines : null, epoch);
        else
            await PublishAnswer.WriteAsync(context, reason);
    }

    private async Task<(PublishRefusal? Refusal, bool IsOfLine)> ReadAsync(HttpContext context, PublishedBody body)
    {
        try
        {
            return (await body.PublishAsync(lifetime.ApplicationStopping, context.RequestAborted), IsOfLine: !body.IsStopped);
        }
        catch (BadHttpRequestException broken) // the body: cut off, too slow, wrong chunks
        {
            return (new PublishRefusal(broken.StatusCode, "The body of the request is broken off or wrong."), IsOfLine: false);
        }
    }

    // A body is bounded here, line by line; and who publishes as things happen may be quiet for long.
    private static void LiftLimits(HttpContext context, bool isBatch)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (isBatch && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }
}
