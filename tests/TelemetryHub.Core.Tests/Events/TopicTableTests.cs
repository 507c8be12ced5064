using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Events;

public class TopicTableTests
{
    // A topic of a one-byte name is accounted for with 201 bytes: some 24 fit a generation.
    private const int SmallBudget = 10_000;

    [Fact]
    public void A_name_is_the_same_topic_every_time()
    {
        var table = new TopicTable(SmallBudget);
        var topic = table.Get("a/b"u8);
        table.Get("a/b"u8.ToArray()).ShouldBeSameAs(topic);
        table.Get(TopicName.Parse("a/b")).ShouldBeSameAs(topic);
        table.Get("a/c"u8).ShouldNotBeSameAs(topic);
        topic.Name.ShouldBe(TopicName.Parse("a/b"));
        topic.Latest.ShouldBeNull();
        table.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/#")]
    public void A_name_that_was_not_checked_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => new TopicTable(SmallBudget).Get(System.Text.Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void Finding_a_topic_again_allocates_nothing()
    {
        var table = new TopicTable(SmallBudget);
        Mqtt.Tests.AllocatedBytes.ByWarm(() => table.Get("a/b"u8)).ShouldBe(0);
    }

    [Fact]
    public void What_was_used_longest_ago_is_forgotten_and_counted()
    {
        var table = new TopicTable(SmallBudget);
        var first = table.Get("first"u8);
        for (var i = 0; i < 1000; i++)
            table.Get(Name(i));

        table.Count.ShouldBeLessThanOrEqualTo(SmallBudget / 200);
        table.Evicted.ShouldBe(1001 - table.Count);
        table.Get("first"u8).ShouldNotBeSameAs(first);
        table.Get(Name(999)).ShouldBeSameAs(table.Get(Name(999)));
    }

    [Fact]
    public void A_topic_that_is_used_again_survives_with_its_latest_value()
    {
        var table = new TopicTable(SmallBudget);
        var used = table.Get("used"u8);
        table.SetLatest(used, new SampleEvents(table).Of("used"));
        for (var i = 0; i < 1000; i++)
        {
            table.Get(Name(i));
            if (i % 10 == 0)
                table.Get("used"u8).ShouldBeSameAs(used);
        }
        used.Latest.ShouldNotBeNull();
        table.Find(TopicFilter.Parse("used")).ShouldBe([used]);
    }

    [Fact]
    public void A_cached_topic_is_current_until_its_generation_grows_old()
    {
        var table = new TopicTable(SmallBudget);
        var topic = table.Get("t"u8);
        table.IsCurrent(topic).ShouldBeTrue();

        FillOneGeneration(table, 0);
        table.IsCurrent(topic).ShouldBeFalse();
        table.Get("t"u8).ShouldBeSameAs(topic);
        table.IsCurrent(topic).ShouldBeTrue();

        FillOneGeneration(table, 100);
        FillOneGeneration(table, 200);
        table.IsCurrent(topic).ShouldBeFalse();
        table.Get("t"u8).ShouldNotBeSameAs(topic);
    }

    [Fact]
    public void A_forgotten_topic_lets_go_of_its_latest_value_whoever_still_holds_the_topic()
    {
        var table = new TopicTable(SmallBudget);
        var held = table.Get("held"u8);
        table.SetLatest(held, new SampleEvents(table).OfSize(1_000));
        for (var i = 0; i < 1000; i++)
            table.Get(Name(i));
        held.Latest.ShouldBeNull();
    }

    [Fact]
    public void Latest_values_count_against_the_budget()
    {
        var table = new TopicTable(SmallBudget);
        var events = new SampleEvents(table);
        for (var i = 0; i < 100; i++)
            table.SetLatest(table.Get(Name(i)), events.OfSize(1_000));
        table.Find(TopicFilter.Parse("#")).Sum(topic => topic.Latest!.SizeBytes).ShouldBeInRange(3_000, SmallBudget);
        table.Evicted.ShouldBeGreaterThan(80);
    }

    [Fact]
    public void A_replaced_latest_value_counts_once()
    {
        var table = new TopicTable(SmallBudget);
        var events = new SampleEvents(table);
        var other = table.Get("other"u8);
        for (var i = 0; i < 100; i++)
            table.SetLatest(table.Get("t"u8), events.OfSize(1_000));
        table.IsCurrent(other).ShouldBeTrue();
        table.Find(TopicFilter.Parse("#")).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_latest_value_of_a_topic_that_was_forgotten_meanwhile_brings_it_back()
    {
        var table = new TopicTable(SmallBudget);
        var will = new SampleEvents(table).Of("will");
        FillOneGeneration(table, 0);
        FillOneGeneration(table, 100);
        FillOneGeneration(table, 200);

        table.SetLatest(will.Topic, will);
        table.Find(TopicFilter.Parse("will")).ShouldHaveSingleItem().Latest.ShouldBeSameAs(will);
        table.Get("will"u8).Latest.ShouldBeSameAs(will);
    }

    [Fact]
    public void Only_topics_that_match_and_have_a_latest_value_are_found()
    {
        var table = new TopicTable(1 << 20);
        var events = new SampleEvents(table);
        foreach (var name in new[] { "a/1", "a/2", "b/1", "$SYS/a" })
            table.SetLatest(events.Of(name).Topic, events.Of(name));
        table.Get("a/none"u8);

        table.Find(TopicFilter.Parse("a/#")).Select(topic => $"{topic}").ShouldBe(["a/1", "a/2"], ignoreOrder: true);
        table.Find(TopicFilter.Parse("+/1")).Select(topic => $"{topic}").ShouldBe(["a/1", "b/1"], ignoreOrder: true);
        table.Find(TopicFilter.Parse("#")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Many_threads_agree_on_the_topic_of_a_name_while_generations_come_and_go()
    {
        // Every thread touches the same few names again and again, and makes the table rotate with names of its own.
        const int Threads = 4, Rounds = 2_000, Names = 8;
        var table = new TopicTable(SmallBudget * 4);
        var events = new SampleEvents(table);
        var shared = Enumerable.Range(0, Names).Select(i => table.Get(Name(i))).ToArray();
        foreach (var topic in shared)
            table.SetLatest(topic, events.Of($"{topic}"));

        using var start = new Barrier(Threads);
        await Task.WhenAll(Enumerable.Range(1, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                for (var i = 0; i < Rounds; i++)
                {
                    table.Get(Name(i % Names)).ShouldBeSameAs(shared[i % Names]);
                    table.Get(Name((thread * 1_000_000) + i));
                    if (i % 50 == 0)
                        table.Find(TopicFilter.Parse("#")).Intersect(shared).Count().ShouldBe(Names);
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        table.Evicted.ShouldBeGreaterThan(1_000);
        (table.Evicted + table.Count).ShouldBe(Names + (Threads * Rounds));
        shared.ShouldAllBe(topic => topic.Latest != null);
    }

    private static byte[] Name(int i) => System.Text.Encoding.UTF8.GetBytes($"{i}");

    private static void FillOneGeneration(TopicTable table, int from)
    {
        var probe = table.Get(Name(from));
        for (var i = from + 1; table.IsCurrent(probe); i++)
            table.Get(Name(i));
    }
}
