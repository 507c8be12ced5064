using System.Net;

namespace TelemetryHub.Server.Tests.Feeds.Streams;

/// <summary>Reads server-sent events as WHATWG HTML §9.2.6 says, over a response that does not end.</summary>
internal sealed class SseClient : IDisposable
{
    private readonly StreamReader _lines;

    private SseClient(HttpResponseMessage answer, StreamReader lines) => (Answer, _lines) = (answer, lines);

    public HttpResponseMessage Answer { get; }

    /// <summary>What the browser would send when it comes back.</summary>
    public string LastEventId { get; private set; } = "";

    /// <summary>After which time, in milliseconds.</summary>
    public int Retry { get; private set; }

    public static async Task<SseClient> OpenAsync(HttpClient client, string address, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Headers = { { "Accept", "text/event-stream" } },
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return new SseClient(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Reads up to a cursor that comes without an event.</summary>
    public async Task NextCursorAsync()
    {
        var before = LastEventId;
        while (LastEventId == before)
            (await NextLineAsync()).ShouldNotBeNull();
        (await NextLineAsync()).ShouldBe("");
    }

    /// <summary>The next event that a page would see; null at the end.</summary>
    public async Task<(string Type, string Data)?> NextAsync()
    {
        var (type, data) = ("message", (string?)null);
        while (await NextLineAsync() is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                type = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = data is null ? line[6..] : $"{data}\n{line[6..]}";
            else if (line.Length == 0 && data is not null)
                return (type, data);
        }
        return null;
    }

    public void Dispose()
    {
        Answer.Dispose();
        _lines.Dispose();
    }

    private async Task<string?> NextLineAsync()
    {
        var line = await _lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        if (line?.StartsWith("id: ", StringComparison.Ordinal) is true)
            LastEventId = line[4..];
        else if (line?.StartsWith("retry: ", StringComparison.Ordinal) is true)
            Retry = int.Parse(line[7..]);
        return line;
    }
}
