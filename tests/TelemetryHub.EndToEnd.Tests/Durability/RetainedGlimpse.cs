using System.Globalization;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>
/// The retained values that a fresh subscriber was given at some moment. Each has to be the last one that was acknowledged, or one that
/// was sent since.
/// </summary>
internal sealed record RetainedGlimpse(TimeSpan Before, TimeSpan After, IReadOnlyDictionary<string, int> Values)
{
    /// <summary>Asks for the value of <paramref name="count"/> topics that match the filter.</summary>
    public static async Task<RetainedGlimpse> TakeAsync(Listener listener, string filter, int count)
    {
        var before = Clock.Now;
        var result = await RunningProgram.RunAsync("mosquitto_sub",
            [.. listener.MosquittoArguments, "-t", filter, "-q", "1", "--retained-only", "-C", $"{count}", "-W", "20", "-F", "%t %p"]);
        result.ShouldSucceed();
        return new RetainedGlimpse(before, Clock.Now, result.Output.Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => int.Parse(words[1], CultureInfo.InvariantCulture)));
    }

    /// <summary>What is wrong, in words; empty when nothing is.</summary>
    public IEnumerable<string> Problems(IEnumerable<Publication> publications)
    {
        var topics = publications.ToLookup(publication => publication.Topic);
        foreach (var (topic, value) in Values)
        {
            var kept = topics[topic].Where(publication => publication.Acknowledged < Before).Max(publication => (int?)publication.Number);
            var newest = topics[topic].Where(publication => publication.Sent < After).Max(publication => (int?)publication.Number);
            if (value < kept || value > newest)
                yield return $"at {Before.TotalSeconds:F3} {topic} was {value}; acknowledged was {kept}, sent {newest}";
        }
    }
}
