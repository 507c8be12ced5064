using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Topics;

public class FilterTreeTests
{
    [Fact]
    public void A_topic_finds_every_filter_that_matches_it()
    {
        var tree = Tree("foo/+/baz", "foo/#", "foo", "#", "+/+/+", "foo//baz", "foo/bar", "$share/g/foo/#");
        Match(tree, "foo//baz").ShouldBe(["#", "$share/g/foo/#", "+/+/+", "foo/#", "foo/+/baz", "foo//baz"], ignoreOrder: true);
        Match(tree, "foo").ShouldBe(["#", "$share/g/foo/#", "foo", "foo/#"], ignoreOrder: true);
        Match(tree, "bar").ShouldBe(["#"]);
    }

    [Fact]
    public void Leading_wildcards_do_not_see_system_topics()
    {
        var tree = Tree("#", "+/x", "+/#", "$SYS/#", "$SYS/x", "$SYS/+", "$share/g/#", "/#");
        Match(tree, "$SYS/x").ShouldBe(["$SYS/#", "$SYS/x", "$SYS/+"], ignoreOrder: true);
        Match(tree, "$SYS").ShouldBe(["$SYS/#"]);
        Match(tree, "$other").ShouldBeEmpty();
    }

    [Fact]
    public void The_same_value_is_kept_once_per_filter()
    {
        var tree = new FilterTree<int>();
        tree.Add(TopicFilter.Parse("a/#"), 1).ShouldBeTrue();
        tree.Add(TopicFilter.Parse("a/#"), 1).ShouldBeFalse();
        tree.Add(TopicFilter.Parse("a/#"), 2).ShouldBeTrue();
        tree.Add(TopicFilter.Parse("a/+"), 1).ShouldBeTrue();
        tree.Count.ShouldBe(3);

        var found = new List<int>();
        tree.Match("a/b"u8, found);
        found.ShouldBe([1, 2, 1], ignoreOrder: true);
    }

    [Fact]
    public void What_was_removed_is_not_found_and_what_is_absent_is_not_removed()
    {
        var tree = Tree("a/b/c", "a/b", "a/#", "a/+");
        tree.Remove(TopicFilter.Parse("a/b"), "other").ShouldBeFalse();
        tree.Remove(TopicFilter.Parse("x/y"), "x/y").ShouldBeFalse();
        tree.Remove(TopicFilter.Parse("a"), "a").ShouldBeFalse();
        tree.Remove(TopicFilter.Parse("a/b/c/#"), "a/b/c").ShouldBeFalse();
        tree.Remove(TopicFilter.Parse("a/b"), "a/b").ShouldBeTrue();
        tree.Remove(TopicFilter.Parse("a/b"), "a/b").ShouldBeFalse();
        tree.Count.ShouldBe(3);
        Match(tree, "a/b").ShouldBe(["a/#", "a/+"], ignoreOrder: true);
        Match(tree, "a/b/c").ShouldBe(["a/#", "a/b/c"], ignoreOrder: true);
    }

    [Fact]
    public void A_filter_that_many_share_stays_exact_while_they_come_and_go()
    {
        var tree = new FilterTree<int>();
        var filter = TopicFilter.Parse("a");
        for (var i = 0; i < 1000; i++)
            tree.Add(filter, i).ShouldBeTrue();
        for (var i = 0; i < 1000; i += 2)
            tree.Remove(filter, i).ShouldBeTrue();
        tree.Add(filter, 1).ShouldBeFalse();

        var found = new List<int>();
        tree.Match("a"u8, found);
        found.Order().ShouldBe(Enumerable.Range(0, 500).Select(i => i * 2 + 1));
    }

    [Fact]
    public void An_emptied_tree_keeps_no_nodes()
    {
        var tree = new FilterTree<string>();
        for (var i = 0; i < 200; i++)
            tree.Add(TopicFilter.Parse($"plant/{i % 50}/+/temp/{i}/#"), "x").ShouldBeTrue();
        tree.IsPruned.ShouldBeFalse();
        for (var i = 0; i < 200; i++)
            tree.Remove(TopicFilter.Parse($"plant/{i % 50}/+/temp/{i}/#"), "x").ShouldBeTrue();
        tree.IsPruned.ShouldBeTrue();
        tree.Count.ShouldBe(0);
    }

    [Fact]
    public void A_hostile_depth_does_not_overflow_the_stack()
    {
        var tree = new FilterTree<string>();
        var deep = string.Join('/', Enumerable.Repeat("+", 32_768));
        tree.Add(TopicFilter.Parse(deep), "plus").ShouldBeTrue();
        tree.Add(TopicFilter.Parse(deep.Replace('+', 'a')), "literal").ShouldBeTrue();
        Match(tree, deep.Replace('+', 'a')).ShouldBe(["plus", "literal"], ignoreOrder: true);
        tree.Remove(TopicFilter.Parse(deep), "plus").ShouldBeTrue();
        Match(tree, deep.Replace('+', 'a')).ShouldBe(["literal"]);
    }

    [Fact]
    public void The_default_filter_is_refused()
    {
        var tree = new FilterTree<string>();
        Should.Throw<ArgumentException>(() => tree.Add(default, "x"));
        Should.Throw<ArgumentException>(() => tree.Remove(default, "x"));
    }

    [Fact]
    public void Matching_does_not_allocate()
    {
        var tree = Tree("a/+/c/+/e/+/g/+/i/+/k/+", "a/b/c/d/e/f/g/h/i/j/k/l", "#", "a/b/c/d/+/+/+/+/+/+/+/l", "+/+/+/+/+/+/+/+/+/+/+/+");
        var found = new List<string>(16);
        var topic = "a/b/c/d/e/f/g/h/i/j/k/l"u8.ToArray();
        AllocatedBytes.ByWarm(() =>
        {
            found.Clear();
            tree.Match(topic, found);
        }).ShouldBe(0);
        found.Count.ShouldBe(5);
    }

    [Fact]
    public void The_tree_finds_exactly_the_filters_that_match_one_by_one()
    {
        var change =
            from add in Gen.Elements(true, true, true, false)
            from filter in TopicGenerators.Filter
            from value in Gen.Choose(0, 2)
            select (add, filter: TopicFilter.Parse(filter), value);
        Prop.ForAll(
            change.ListOf().ToArbitrary(),
            TopicGenerators.Topic.ArrayOf(20).ToArbitrary(),
            (changes, topics) =>
            {
                // The tree does not look at the group, so the value carries the filter.
                var tree = new FilterTree<(TopicFilter, int)>();
                var expected = new HashSet<(TopicFilter Filter, int)>();
                foreach (var (add, filter, value) in changes)
                {
                    var entry = (filter, value);
                    var changed = add ? tree.Add(filter, entry) : tree.Remove(filter, entry);
                    changed.ShouldBe(add ? expected.Add(entry) : expected.Remove(entry));
                }

                tree.Count.ShouldBe(expected.Count);
                foreach (var topic in topics)
                {
                    var found = new List<(TopicFilter, int)>();
                    tree.Match(Encoding.UTF8.GetBytes(topic), found);
                    found.Count.ShouldBe(found.Distinct().Count());
                    var matching = expected.Where(entry => entry.Filter.Matches(TopicName.Parse(topic)));
                    found.ToHashSet().SetEquals(matching).ShouldBeTrue(topic);
                }
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(150));
    }

    private static FilterTree<string> Tree(params string[] filters)
    {
        var tree = new FilterTree<string>();
        foreach (var filter in filters)
            tree.Add(TopicFilter.Parse(filter), filter).ShouldBeTrue();
        return tree;
    }

    private static List<string> Match(FilterTree<string> tree, string topic)
    {
        var found = new List<string>();
        tree.Match(Encoding.UTF8.GetBytes(topic), found);
        return found;
    }
}
