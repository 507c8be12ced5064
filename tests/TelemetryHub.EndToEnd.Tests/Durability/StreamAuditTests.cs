namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>The auditor finds what it is there to find.</summary>
public sealed class StreamAuditTests
{
    [Fact]
    public void Everything_once_and_in_order_is_right() => Audit(2, 0, 1, 2, 3).Problems.ShouldBeEmpty();

    [Fact]
    public void Repeats_of_what_came_are_right_with_QoS_1()
    {
        var audit = Audit(1, 0, 1, 2, 1, 2, 3);
        audit.Problems.ShouldBeEmpty();
        audit.Repeats.ShouldBe(2);
    }

    [Fact]
    public void Repeats_are_wrong_with_QoS_2() => Audit(2, 0, 1, 2, 1, 3).Problems.Single().ShouldContain("stream/2/a 1, sent at 1.000");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_is_missing_is_found(int qos)
    {
        Audit(qos, 0, 2, 3).Problems.Single().ShouldContain($"stream/{qos}/a 1, sent at 1.000, acknowledged at 1.500");
        Audit(qos, 0, 1, 2).Problems.Single().ShouldStartWith("missing at the end");
    }

    [Fact]
    public void A_changed_order_is_found() => Audit(1, 0, 2, 1, 3).Problems.ShouldNotBeEmpty();

    [Fact]
    public void What_nobody_sent_is_found()
    {
        Audit(1, 0, 1, 2, 3, 4).Problems.Single().ShouldContain("nobody sent");
        StreamAudit.Of([Sent(1, 0)], [new Arrival("stream/1/a", null, default, 1, false)]).Problems.Count.ShouldBe(2);
        StreamAudit.Of([Sent(1, 0)], [new Arrival("stream/1/b", 0, default, 1, false)]).Problems.Count.ShouldBe(2);
    }

    [Fact]
    public void A_retained_value_older_than_the_acknowledged_one_is_found()
    {
        Publication[] sent = [Sent(1, 0), Sent(1, 1), Sent(1, 2) with { Acknowledged = null }, Sent(1, 3)];
        Problems(0).Single().ShouldContain("acknowledged was 1, sent 2");
        Problems(1).ShouldBeEmpty();
        Problems(2).ShouldBeEmpty();
        Problems(3).ShouldNotBeEmpty();

        IEnumerable<string> Problems(int value) =>
            new RetainedGlimpse(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.9), new Dictionary<string, int> { ["stream/1/a"] = value })
                .Problems(sent);
    }

    [Fact]
    public void What_is_missing_doubled_or_out_of_order_in_the_journal_is_found()
    {
        Publication[] once = [Sent(2, 0), Sent(2, 1)];
        Problems(once, 5, 6).ShouldBeEmpty();
        Problems(once, 5).Single().ShouldContain("are 1 events of stream/2/a; 2 were published");
        Problems(once, 5, 6, 7).Single().ShouldContain("are 3 events");
        Problems(once, 6, 5).Single().ShouldContain("comes after 6");
        Problems([Sent(1, 0)], 5, 6).ShouldBeEmpty();

        static IEnumerable<string> Problems(Publication[] publications, params long[] sequences) =>
            JournalAudit.Problems(publications, sequences.Select(sequence => new DumpedEvent(sequence, publications[0].Topic)));
    }

    // Four messages were sent, a second apart.
    private static StreamAudit Audit(int qos, params int[] arrived) => StreamAudit.Of(
        Enumerable.Range(0, 4).Select(number => Sent(qos, number)),
        arrived.Select(number => new Arrival($"stream/{qos}/a", number, TimeSpan.FromSeconds(9), qos, false)));

    private static Publication Sent(int qos, int number) =>
        new($"stream/{qos}", number, $"stream/{qos}/a", TimeSpan.FromSeconds(number), TimeSpan.FromSeconds(number + 0.5));
}
