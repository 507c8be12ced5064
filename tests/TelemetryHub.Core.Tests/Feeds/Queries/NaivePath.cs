using System.Text.Json;

namespace TelemetryHub.Core.Tests.Feeds.Queries;

/// <summary>A path as a list of steps: names, and numbers of elements.</summary>
internal sealed record NaivePath(params object[] Steps)
{
    private static readonly object[] AllSteps = ["a", "b", "odd name", "\u00e9", 0, 1];

    public static NaivePath Any(Random random, int leastSteps = 0) =>
        new([.. Enumerable.Range(0, random.Next(leastSteps, 4)).Select(at => AllSteps[random.Next(leastSteps > at ? 4 : AllSteps.Length)])]);

    public JsonElement? Find(JsonElement value)
    {
        foreach (var step in Steps)
        {
            if (step is int index && value.ValueKind == JsonValueKind.Array && index < value.GetArrayLength())
                value = value[index];
            else if (step is string name && value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any(member => member.Name == name))
                value = value.EnumerateObject().First(member => member.Name == name).Value;
            else
                return null;
        }
        return value;
    }

    public override string ToString()
    {
        var text = string.Concat(Steps.Select(step => step is int ? $"[{step}]" : (string)step is "odd name" ? "[\"odd name\"]" : $".{step}"));
        return text.StartsWith('.') ? text[1..] : "$" + text;
    }
}
