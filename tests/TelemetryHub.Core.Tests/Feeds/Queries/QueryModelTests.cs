using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using TelemetryHub.Core.Feeds.Queries;
using TelemetryHub.Core.Tests.Feeds.Json;

namespace TelemetryHub.Core.Tests.Feeds.Queries;

/// <summary>Queries on random documents against the slow and obvious way to answer them. Seeded, so that a failure can be run again; bounded in time.</summary>
public class QueryModelTests
{
    private const int Seed = 41;
    private const int MaxRounds = 200_000;
    private const int MaxMilliseconds = 1_500;

    [Fact]
    public void A_condition_says_what_a_look_at_the_parsed_document_says()
    {
        var random = new Random(Seed);
        var clock = Stopwatch.StartNew();
        var counts = new int[2];
        for (var round = 0; round < MaxRounds && clock.ElapsedMilliseconds < MaxMilliseconds; round++)
        {
            var naive = NaiveCondition.Any(random, depth: 3);
            PayloadCondition.TryParse(naive.Text, out var condition, out var problem).ShouldBeTrue($"{naive.Text}: {problem}");
            var payload = RandomDocument.Any(random);
            using var document = JsonDocument.Parse(payload);
            var expected = naive.Holds(document.RootElement);
            if (condition!.Matches(Encoding.UTF8.GetBytes(payload)) != expected)
                Assert.Fail($"Round {round}: {!expected} for {naive.Text} on {payload}");
            if (condition.Matches(Encoding.UTF8.GetBytes(payload + "]")))
                Assert.Fail($"Round {round}: {naive.Text} on garbage {payload}]");
            counts[expected ? 1 : 0]++;
        }
        counts.ShouldAllBe(count => count > 1_000);
    }

    [Fact]
    public void A_selection_holds_the_fields_asked_for_and_no_others()
    {
        var random = new Random(Seed);
        var clock = Stopwatch.StartNew();
        var written = 0;
        for (var round = 0; round < MaxRounds && clock.ElapsedMilliseconds < MaxMilliseconds; round++)
        {
            var paths = Enumerable.Range(0, random.Next(1, 5)).Select(_ => NaivePath.Any(random, leastSteps: 1)).ToArray();
            FieldSelection.TryParse(string.Join(',', paths.Select(path => path.ToString())), out var selection, out var problem).ShouldBeTrue(problem);
            var payload = RandomDocument.Any(random);
            using var document = JsonDocument.Parse(payload);
            var output = new ArrayBufferWriter<byte>();
            if (selection!.TryWrite(Encoding.UTF8.GetBytes(payload), output) != (document.RootElement.ValueKind == JsonValueKind.Object))
                Assert.Fail($"Round {round}: {selection} on {payload}");
            if (output.WrittenCount == 0)
                continue;
            var expected = Projected(document.RootElement, [.. paths.Select(path => path.Steps)]) ?? "{}";
            var text = Encoding.UTF8.GetString(output.WrittenSpan);
            if (Spaceless(text) != Spaceless(expected) || text.AsSpan().ContainsAny('\r', '\n'))
                Assert.Fail($"Round {round}: {selection} on {payload}: {text} instead of {expected}");
            written += expected.Length > 2 ? 1 : 0;
        }
        written.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public void Damaged_payloads_never_throw()
    {
        var random = new Random(Seed);
        var clock = Stopwatch.StartNew();
        var output = new ArrayBufferWriter<byte>();
        for (var round = 0; round < MaxRounds && clock.ElapsedMilliseconds < MaxMilliseconds; round++)
        {
            PayloadCondition.TryParse(NaiveCondition.Any(random, depth: 2).Text, out var condition, out _).ShouldBeTrue();
            FieldSelection.TryParse($"a.b,long,temp,{NaivePath.Any(random, leastSteps: 1)}", out var selection, out _).ShouldBeTrue();
            var payload = JsonSamples.Damaged(random);
            condition!.Matches(payload);
            output.ResetWrittenCount();
            if (selection!.TryWrite(payload, output))
                JsonDocument.Parse(output.WrittenMemory).Dispose();
        }
    }

    // Null when nothing of it is asked for.
    private static string? Projected(JsonElement value, object[][] paths)
    {
        if (paths.Any(path => path.Length == 0))
            return value.GetRawText();
        if (value.ValueKind == JsonValueKind.Object)
        {
            var members = value.EnumerateObject().GroupBy(member => member.Name).Select(same => same.First())
                .Select(member => (member, Text: Projected(member.Value, Below(paths, member.Name)))).Where(member => member.Text is not null)
                .Select(member => JsonSerializer.Serialize(member.member.Name) + ":" + member.Text).ToArray();
            return members.Length == 0 ? null : "{" + string.Join(',', members) + "}";
        }
        if (value.ValueKind != JsonValueKind.Array)
            return null;
        var elements = value.EnumerateArray().Select((element, index) => Projected(element, Below(paths, index))).Where(text => text is not null).ToArray();
        return elements.Length == 0 ? null : "[" + string.Join(',', elements) + "]";
    }

    private static object[][] Below(object[][] paths, object step) => [.. paths.Where(path => path[0].Equals(step)).Select(path => path[1..])];

    // Names are written as they came; here they are compared as what they mean.
    private static string Spaceless(string json) => json.Replace("\\u0061", "a").Replace("\\u0020", " ").Replace("\\u00E9", "\u00e9").Replace(" ", "").Replace("\r\n", "");
}
