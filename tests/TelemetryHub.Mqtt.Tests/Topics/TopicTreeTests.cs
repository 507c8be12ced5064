using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Topics;

public class TopicTreeTests
{
    [Fact]
    public void A_value_is_set_replaced_and_removed_by_its_topic()
    {
        var tree = new TopicTree<string>();
        tree.Set(TopicName.Parse("a/b"), "1").ShouldBeNull();
        tree.Set(TopicName.Parse("a/b"), "2").ShouldBe("1");
        tree.Set(TopicName.Parse("a"), "3").ShouldBeNull();
        tree.Count.ShouldBe(2);
        tree.Get("a/b"u8).ShouldBe("2");
        tree.Get("a/b/c"u8).ShouldBeNull();
        tree.Get(""u8).ShouldBeNull();
        tree.Remove("a/b"u8).ShouldBe("2");
        tree.Remove("a/b"u8).ShouldBeNull();
        tree.Get("a"u8).ShouldBe("3");
        tree.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("#", "/,a,a/,a/b,a/b/c,é/x")]
    [InlineData("a/#", "a,a/,a/b,a/b/c")]
    [InlineData("a/+", "a/,a/b")]
    [InlineData("+/b/#", "a/b,a/b/c")]
    [InlineData("+/+", "/,a/,a/b,é/x")]
    [InlineData("/+", "/")]
    [InlineData("$SYS/#", "$SYS/x,$SYS/x/y")]
    [InlineData("+/x", "é/x")]
    [InlineData("a/b", "a/b")]
    [InlineData("$share/g/a/b", "a/b")]
    [InlineData("nothing/#", "")]
    public void A_filter_finds_the_topics_that_it_matches(string filter, string topics)
    {
        var tree = Tree("/", "a", "a/", "a/b", "a/b/c", "é/x", "$SYS/x", "$SYS/x/y");
        string.Join(',', Find(tree, filter)).ShouldBe(topics);
    }

    [Fact]
    public void A_hostile_depth_does_not_overflow_the_stack()
    {
        var deep = string.Join('/', Enumerable.Repeat("a", 32_768));
        var tree = Tree(deep);
        Find(tree, "#").Length.ShouldBe(1);
        Find(tree, deep.Replace('a', '+')).Length.ShouldBe(1);
        tree.Remove(Encoding.UTF8.GetBytes(deep)).ShouldBe(deep);
        Find(tree, "#").ShouldBeEmpty();
    }

    [Fact]
    public void The_default_topic_is_refused() =>
        Should.Throw<ArgumentException>(() => new TopicTree<string>().Set(default, "x"));

    [Fact]
    public void The_tree_finds_exactly_the_topics_that_match_one_by_one()
    {
        var change =
            from set in Gen.Elements(true, true, true, false)
            from topic in TopicGenerators.Topic
            select (set, topic);
        Prop.ForAll(
            change.ListOf().ToArbitrary(),
            TopicGenerators.Filter.ArrayOf(20).ToArbitrary(),
            (changes, filters) =>
            {
                var tree = new TopicTree<string>();
                var expected = new HashSet<string>();
                foreach (var (set, topic) in changes)
                {
                    var previous = set ? tree.Set(TopicName.Parse(topic), topic) : tree.Remove(Encoding.UTF8.GetBytes(topic));
                    (previous is not null).ShouldBe(set ? !expected.Add(topic) : expected.Remove(topic));
                }

                tree.Count.ShouldBe(expected.Count);
                foreach (var filter in filters)
                {
                    var matching = expected.Where(topic => TopicFilter.Parse(filter).Matches(TopicName.Parse(topic)));
                    Find(tree, filter).ShouldBe(matching.Order(StringComparer.Ordinal));
                }

                foreach (var topic in expected)
                    tree.Remove(Encoding.UTF8.GetBytes(topic)).ShouldBe(topic);
                tree.IsPruned.ShouldBeTrue();
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(150));
    }

    private static TopicTree<string> Tree(params string[] topics)
    {
        var tree = new TopicTree<string>();
        foreach (var topic in topics)
            tree.Set(TopicName.Parse(topic), topic);
        return tree;
    }

    private static string[] Find(TopicTree<string> tree, string filter)
    {
        var found = new List<string>();
        tree.Find(TopicFilter.Parse(filter), found);
        return [.. found.Order(StringComparer.Ordinal)];
    }
}
