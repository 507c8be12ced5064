using System.Text.Json;
using TelemetryHub.Browser.Tests.Browsers;

namespace TelemetryHub.Browser.Tests.Publishers;

/// <summary>What the hub has kept of a topic, asked for by polling, and how what a page saw compares to it.</summary>
internal static class LogOfTopic
{
    private static readonly HttpClient Client = new();

    /// <summary>
    /// Fails unless the events, in the order in which the page saw them, are all that is kept, each once and in order, with all numbers to the last one. What it saw before a
    /// kill and was never acknowledged may be more than that.
    /// </summary>
    public static async Task ShouldHoldWhatWasSeenAsync(Uri hub, string topic, IReadOnlyList<Note> seen, int last)
    {
        var places = seen.Select(note => long.Parse(note.Id!.Split('-')[^1])).ToList();
        places.Zip(places.Skip(1)).Where(pair => pair.Second <= pair.First).ShouldBeEmpty("events came twice or out of order");

        var kept = await ReadAsync(hub, topic);
        kept.Except(seen.Select(note => note.Id!)).ShouldBeEmpty("events were lost");

        // The first time of each: what was published again comes again, as another event.
        seen.Select(note => int.Parse(note.Payload)).Distinct().ShouldBe(Enumerable.Range(1, last));
    }

    private static async Task<List<string>> ReadAsync(Uri hub, string topic)
    {
        var ids = new List<string>();
        for (var since = "earliest"; ;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub, $"events?topic={topic}&wait=0&limit=10000&format=payload&since={since}"));
            request.Headers.Add("Accept", "application/json");
            using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
            using var answer = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            var events = answer.RootElement.GetProperty("events").EnumerateArray().Where(item => !item.TryGetProperty("type", out _)).ToList();
            if (events.Count == 0) return ids;
            ids.AddRange(events.Select(item => item.GetProperty("id").GetString()!));
            since = answer.RootElement.GetProperty("next").GetString()!;
        }
    }
}
