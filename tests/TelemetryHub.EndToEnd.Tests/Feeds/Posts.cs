using System.Net;
using System.Text;

namespace TelemetryHub.EndToEnd.Tests.Feeds;

/// <summary>Publishes over HTTP, for tests of something else.</summary>
internal static class Posts
{
    private static readonly HttpClient Client = new();

    /// <summary>Publishes each payload, in order; returns when all are kept.</summary>
    public static async Task PublishAsync(Uri hub, string topic, params IEnumerable<string> payloads)
    {
        using var lines = new StringContent(string.Join('\n', payloads), Encoding.UTF8, "application/x-ndjson");
        using var answer = await Client.PostAsync(new Uri(hub, $"events/{topic}"), lines, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Publishes the numbers from the first to the last.</summary>
    public static Task PublishAsync(Uri hub, string topic, int first, int last) => PublishAsync(hub, topic, Enumerable.Range(first, last - first + 1).Select(number => $"{number}"));
}
