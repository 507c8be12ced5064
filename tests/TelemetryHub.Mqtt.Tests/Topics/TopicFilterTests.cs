using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Topics;

public class TopicFilterTests
{
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player10", false)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "sport", true)]
    [InlineData("#", "/", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("+", "finance", true)]
    [InlineData("foo/+/baz", "foo//baz", true)]
    [InlineData("foo/+/#", "foo/bar", true)]
    [InlineData("foo/+/#", "foo", false)]
    [InlineData("foo//#", "foo", false)]
    [InlineData("foo//#", "foo/", true)]
    [InlineData("a", "a/", false)]
    [InlineData("a/", "a", false)]
    [InlineData("a", "A", false)]
    [InlineData("+/+/+", "//", true)]
    public void A_filter_matches_by_levels(string filter, string topic, bool matches) =>
        TopicFilter.Parse(filter).Matches(TopicName.Parse(topic)).ShouldBe(matches);

    [Theory]
    [InlineData("#", "$SYS/uptime", false)]
    [InlineData("+/uptime", "$SYS/uptime", false)]
    [InlineData("+", "$SYS", false)]
    [InlineData("$share/g/#", "$SYS/uptime", false)]
    [InlineData("$SYS/#", "$SYS/uptime", true)]
    [InlineData("$SYS/#", "$SYS", true)]
    [InlineData("$SYS/+", "$SYS/uptime", true)]
    [InlineData("a/+", "a/$b", true)]
    public void A_leading_wildcard_does_not_see_system_topics(string filter, string topic, bool matches) =>
        TopicFilter.Parse(filter).Matches(TopicName.Parse(topic)).ShouldBe(matches);

    [Theory]
    [InlineData("")]
    [InlineData("a/#/b")]
    [InlineData("a#")]
    [InlineData("#a")]
    [InlineData("#/")]
    [InlineData("##")]
    [InlineData("a+")]
    [InlineData("+a")]
    [InlineData("++")]
    [InlineData("a/+b/c")]
    [InlineData("a/b+/c")]
    [InlineData("+#")]
    [InlineData("+/a#")]
    [InlineData("a\0")]
    [InlineData("$share//x")]
    [InlineData("$share/")]
    [InlineData("$share/g")]
    [InlineData("$share/g/")]
    [InlineData("$share/g+/x")]
    [InlineData("$share/+/x")]
    [InlineData("$share/#")]
    [InlineData("$share/g/a#")]
    public void What_breaks_the_grammar_is_no_filter(string text)
    {
        TopicFilter.TryParse(text, out var filter).ShouldBeFalse();
        filter.IsEmpty.ShouldBeTrue();
        Should.Throw<FormatException>(() => TopicFilter.Parse(text));
    }

    [Theory]
    [MemberData(nameof(TopicNameTests.IllFormedUtf8), MemberType = typeof(TopicNameTests))]
    public void Ill_formed_utf8_is_no_filter(string hex) => TopicFilter.IsValid(Convert.FromHexString(hex)).ShouldBeFalse();

    [Fact]
    public void A_filter_may_have_65535_bytes_and_no_more()
    {
        TopicFilter.TryParse(new string('x', 65535), out _).ShouldBeTrue();
        TopicFilter.TryParse(new string('x', 65536), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("$share/workers/plant/+/temp", "workers", "plant/+/temp", true)]
    [InlineData("$share/g//", "g", "/", false)]
    [InlineData("$share/$g/$SYS/x", "$g", "$SYS/x", false)]
    [InlineData("$share/g/#", "g", "#", true)]
    public void A_shared_filter_has_a_group_and_a_pattern(string text, string group, string pattern, bool wildcards)
    {
        var filter = TopicFilter.Parse(text);
        filter.IsShared.ShouldBeTrue();
        filter.ShareName.ShouldBe(group);
        System.Text.Encoding.UTF8.GetString(filter.Pattern).ShouldBe(pattern);
        filter.HasWildcards.ShouldBe(wildcards);
        filter.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("$share")]
    [InlineData("$shared/g/x")]
    [InlineData("a/$share/g/x")]
    public void Only_the_exact_prefix_makes_a_shared_filter(string text)
    {
        var filter = TopicFilter.Parse(text);
        filter.IsShared.ShouldBeFalse();
        filter.ShareName.ShouldBeNull();
        filter.Pattern.SequenceEqual(filter.Utf8).ShouldBeTrue();
    }

    [Fact]
    public void Levels_are_those_of_the_pattern()
    {
        TopicFilter.Parse("$share/g/a/+").Levels.ShouldBe(2);
        TopicFilter.Parse("/#").Levels.ShouldBe(2);
        default(TopicFilter).Levels.ShouldBe(0);
    }

    [Fact]
    public void Filters_are_equal_when_the_client_wrote_the_same()
    {
        TopicFilter.Parse("a/+").ShouldBe(TopicFilter.Parse("a/+"));
        TopicFilter.Parse("a/+").GetHashCode().ShouldBe(TopicFilter.Parse("a/+").GetHashCode());
        (TopicFilter.Parse("$share/g/a/+") != TopicFilter.Parse("a/+")).ShouldBeTrue();
        default(TopicFilter).Matches("a"u8).ShouldBeFalse();
    }

    [Fact]
    public void Matching_agrees_with_the_specification_read_level_by_level() =>
        Prop.ForAll(
            TopicGenerators.Filter.ToArbitrary(),
            TopicGenerators.Topic.ToArbitrary(),
            (filter, topic) => TopicFilter.Parse(filter).Matches(TopicName.Parse(topic)) == SpecifiedMatch(filter, topic))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private static bool SpecifiedMatch(string filter, string topic)
    {
        if (filter.StartsWith("$share/", StringComparison.Ordinal))
            filter = filter.Split('/', 3)[2];
        if (topic[0] == '$' && filter[0] is ('+' or '#'))
            return false;
        var levels = filter.Split('/');
        var names = topic.Split('/');
        if (levels[^1] != "#")
            return levels.Length == names.Length && levels.Zip(names).All(pair => pair.First == "+" || pair.First == pair.Second);
        return names.Length >= levels.Length - 1 && levels[..^1].Zip(names).All(pair => pair.First == "+" || pair.First == pair.Second);
    }
}
