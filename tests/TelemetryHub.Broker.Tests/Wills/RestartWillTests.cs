using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Wills;

public class RestartWillTests
{
    private static readonly Props Kept = new() { { SessionExpiryInterval, 600 } };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_will_of_a_client_that_does_not_come_back_to_a_restarted_hub_is_published(bool isKept)
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        await before.ConnectAsync("a", props: isKept ? Kept : null, will: new("will", "gone", QoS: 1));
        await using var after = TestBroker.StartAfter(before, downSeconds: 3);
        var watcher = await after.ConnectAsync("w");
        await watcher.SubscribeAsync(new Filter("will", QoS: 1));
        after.Time.AdvanceSeconds(9);
        await watcher.ExpectNothingAsync();
        after.Time.AdvanceSeconds(2);
        await watcher.ExpectAsync("PUBLISH will=gone q1 id=1");

        // And it is said once.
        await using var afterwards = TestBroker.StartAfter(after);
        watcher = await afterwards.ConnectAsync("w");
        await watcher.SubscribeAsync("will");
        afterwards.Time.AdvanceSeconds(20);
        await watcher.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_client_that_comes_back_in_time_is_not_said_to_be_gone(bool isKept, bool isClean)
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        await before.ConnectAsync("a", props: isKept ? Kept : null, will: new("will", "gone"));
        await using var after = TestBroker.StartAfter(before, downSeconds: 300);
        var watcher = await after.ConnectAsync("w");
        await watcher.SubscribeAsync("will");
        after.Time.AdvanceSeconds(9);
        await after.ConnectAsync("a", clean: isClean, present: isKept && !isClean, props: isKept ? Kept : null);
        after.Time.AdvanceSeconds(20);
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_delay_is_counted_through_the_downtime()
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        var client = await before.ConnectAsync("a", props: Kept, will: new("will", "gone", Properties: new() { { WillDelayInterval, 60 } }));
        await before.VanishAsync(client);
        await using var after = TestBroker.StartAfter(before, downSeconds: 20);
        var watcher = await after.ConnectAsync("w");
        await watcher.SubscribeAsync("will");
        after.Time.AdvanceSeconds(39);
        await watcher.ExpectNothingAsync();
        after.Time.AdvanceSeconds(2);
        await watcher.ExpectAsync("PUBLISH will=gone q0");
    }

    [Fact]
    public async Task A_session_that_expired_meanwhile_is_gone_for_its_client_but_not_its_will()
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        var client = await before.ConnectAsync("a", props: Kept, will: new("will", "gone"));
        await client.SubscribeAsync("t");
        await using var after = TestBroker.StartAfter(before, downSeconds: 700);
        var watcher = await after.ConnectAsync("w");
        await watcher.SubscribeAsync("will");
        await after.ConnectAsync("other");
        after.Time.AdvanceSeconds(11);
        await watcher.ExpectAsync("PUBLISH will=gone q0");
        await after.ConnectAsync("a", clean: false, present: false);
        after.Router.SubscriptionCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_goodbye_takes_the_will_with_it()
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        var kept = await before.ConnectAsync("kept", props: Kept, will: new("will", "kept"));
        await before.LeaveAsync(kept);
        var brief = await before.ConnectAsync("brief", will: new("will", "brief"));
        await before.LeaveAsync(brief);
        await using var after = TestBroker.StartAfter(before);
        var watcher = await after.ConnectAsync("w");
        await watcher.SubscribeAsync("will");
        after.Time.AdvanceSeconds(20);
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_will_that_was_published_before_the_crash_is_not_published_again()
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        var client = await before.ConnectAsync("a", props: Kept, will: new("will", "gone"));
        await before.VanishAsync(client);
        await using var after = TestBroker.StartAfter(before);
        var watcher = await after.ConnectAsync("w");
        await watcher.SubscribeAsync("will");
        after.Time.AdvanceSeconds(20);
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_stop_of_the_hub_is_not_the_end_of_its_clients()
    {
        var log = new KeepingLog();
        await using var before = TestBroker.Start(log: log);
        var kept = await before.ConnectAsync("kept", props: Kept, will: new("will", "kept", QoS: 1, Retain: true));
        var brief = await before.ConnectAsync("brief", will: new("will", "brief", QoS: 1, Retain: true));
        await before.Broker.DrainAsync(TestContext.Current.CancellationToken);
        await kept.ExpectAsync("DISCONNECT 0x8B");
        await brief.ExpectAsync("DISCONNECT 0x8B");
        before.Time.AdvanceSeconds(700);
        before.Router.RetainedCount.ShouldBe(0);
        log.Next.ShouldBe(1);

        await using var after = TestBroker.StartAfter(before);
        var watcher = await after.ConnectAsync("w");
        await watcher.SubscribeAsync("will");
        await after.ConnectAsync("kept", clean: false, present: false);
        after.Time.AdvanceSeconds(11);
        await watcher.ExpectAsync("PUBLISH will=brief q0");
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task The_rules_are_asked_again_about_a_will()
    {
        await using var before = TestBroker.Start(log: new KeepingLog());
        await before.ConnectAsync("a", will: new("will", "gone"));
        await using var after = TestBroker.StartAfter(before, rules: access => access.Publish = (principal, _) => principal.ClientId != "a");
        var watcher = await after.ConnectAsync("w");
        await watcher.SubscribeAsync("will");
        after.Time.AdvanceSeconds(20);
        await watcher.ExpectNothingAsync();
        after.Broker.Statistics.Dropped(DropReason.NotAuthorized).ShouldBe(1);
    }
}
