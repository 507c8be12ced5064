using FsCheck;
using FsCheck.Fluent;

namespace TelemetryHub.Mqtt.Tests.Topics;

/// <summary>Topics and filters out of few level names, so that they meet often.</summary>
internal static class TopicGenerators
{
    private static readonly Gen<string> LevelName = Gen.Elements("a", "b", "c", "", "$x", "é");

    public static Gen<string> Topic { get; } =
        (from levels in Levels(LevelName)
         select string.Join('/', levels)).Where(topic => topic.Length > 0);

    private static Gen<string> Pattern { get; } =
        (from levels in Levels(Gen.Frequency((3, LevelName), (2, Gen.Constant("+"))))
         from end in Gen.Elements("", "", "/#")
         from alone in Gen.Choose(0, 15)
         select alone == 0 ? "#" : string.Join('/', levels) + end).Where(filter => filter.Length > 0);

    public static Gen<string> Filter { get; } =
        from prefix in Gen.Elements("", "", "", "$share/g/")
        from pattern in Pattern
        select prefix + pattern;

    private static Gen<string[]> Levels(Gen<string> level) =>
        from count in Gen.Choose(1, 4)
        from levels in level.ArrayOf(count)
        select levels;
}
