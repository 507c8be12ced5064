using System.Text;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Core.Access;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Access;

public class AccessTests
{
    [Fact]
    public async Task Connect_is_asked_with_all_that_the_client_shows()
    {
        await using var broker = TestBroker.Start();
        ConnectRequest? asked = null;
        broker.Access.Connect = (request, _) =>
        {
            asked = request;
            return new(ConnectDecision.Allow(new Principal("mapped", request.User)));
        };
        var client = broker.Open();
        await client.ConnectAsync("id", user: "name", password: "word");
        asked.ShouldNotBeNull();
        asked.ClientId.ShouldBe("id");
        asked.User.ShouldBe("name");
        Encoding.UTF8.GetString(asked.Password!.Value.Span).ShouldBe("word");
        asked.Remote!.ToString().ShouldBe(client.Socket.LocalEndPoint!.ToString());
        asked.ProvenUser.ShouldBeNull();
        Principal? publisher = null;
        broker.Access.Publish = (principal, _) =>
        {
            publisher = principal;
            return true;
        };
        await client.PublishAckedAsync("t");
        publisher.ShouldBe(new Principal("mapped", "name"));
    }

    [Theory]
    [InlineData(ConnectVerdict.BadCredentials, MqttVersion.V5, "CONNACK 0x86")]
    [InlineData(ConnectVerdict.NotAuthorized, MqttVersion.V5, "CONNACK 0x87")]
    [InlineData(ConnectVerdict.Banned, MqttVersion.V5, "CONNACK 0x8A")]
    [InlineData(ConnectVerdict.BadCredentials, MqttVersion.V311, "CONNACK 0x86")]
    [InlineData(ConnectVerdict.NotAuthorized, MqttVersion.V31, "CONNACK 0x87")]
    public async Task A_refused_client_gets_the_reason_and_no_session(ConnectVerdict verdict, MqttVersion version, string answer)
    {
        await using var broker = TestBroker.Start();
        broker.Access.Connect = (_, _) => new(new ConnectDecision(verdict));
        var client = broker.Open(version);
        client.SendConnect("a");
        await client.ExpectAsync(answer);
        await client.ExpectClosedAsync();
        await broker.Broker.DrainAsync(TestContext.Current.CancellationToken);
        broker.Broker.SessionCount.ShouldBe(0);
        broker.Broker.Statistics.Ended(DisconnectCause.Refused).ShouldBe(1);
    }

    [Fact]
    public async Task A_decision_may_take_its_time_and_what_the_client_sent_meanwhile_waits()
    {
        await using var broker = TestBroker.Start();
        var decision = new TaskCompletionSource<ConnectDecision>();
        broker.Access.Connect = (request, _) => request.ClientId == "a" ? new(decision.Task) : new AllowAll().ConnectAsync(request, default);
        var client = broker.Open();
        client.SendConnect("a");
        client.Send(WireWriter.Subscribe(MqttVersion.V5, 1, null, ["t"]));
        var other = await broker.ConnectAsync("b");
        await other.PingAsync();
        broker.Broker.SessionCount.ShouldBe(1);
        decision.SetResult(ConnectDecision.Allow(new Principal("a", null)));
        (await client.ReceiveAsync()).Type.ShouldBe(PacketType.ConnAck);
        await client.ExpectAsync("SUBACK id=1 00");
    }

    [Fact]
    public async Task A_decision_that_nobody_waits_for_any_more_is_cancelled_and_comes_to_nothing()
    {
        await using var broker = TestBroker.Start();
        var decision = new TaskCompletionSource<ConnectDecision>();
        var cancelled = new TaskCompletionSource();
        broker.Access.Connect = (request, cancellation) =>
        {
            if (request.ClientId != "a")
                return new AllowAll().ConnectAsync(request, default);
            cancellation.Register(cancelled.SetResult);
            return new(decision.Task);
        };
        var client = broker.Open();
        client.SendConnect("a");
        await broker.SettleAsync();
        broker.Time.AdvanceSeconds(11);
        await client.ExpectClosedAsync();
        await cancelled.Task;
        decision.SetResult(ConnectDecision.Allow(new Principal("a", null)));
        await broker.SettleAsync();
        broker.Broker.SessionCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_decision_that_comes_when_the_connection_is_being_closed_is_too_late()
    {
        await using var broker = TestBroker.Start();
        var decision = new TaskCompletionSource<ConnectDecision>();
        broker.Access.Connect = (request, _) => request.ClientId == "late" ? new(decision.Task) : new AllowAll().ConnectAsync(request, default);
        var client = broker.Open();
        client.SendConnect("late");
        await broker.SettleAsync();
        using (await broker.HoldAsync())
        {
            broker.Time.AdvanceSeconds(11);
            decision.SetResult(ConnectDecision.Allow(new Principal("late", null)));
        }
        await client.ExpectClosedAsync();
        await broker.SettleAsync();
        broker.Broker.SessionCount.ShouldBe(1);
        broker.Broker.Statistics.Ended(DisconnectCause.ConnectTimeout).ShouldBe(1);
    }

    [Theory]
    [InlineData(1, "PUBACK id=1 0x87")]
    [InlineData(2, "PUBREC id=1 0x87")]
    public async Task A_publish_that_is_not_allowed_is_refused_and_its_id_is_free(int qos, string answer)
    {
        await using var broker = TestBroker.Start();
        broker.Access.Publish = (principal, topic) => principal.ClientId == "a" && topic == "mine";
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("#");
        client.Publish("others", "x", qos, id: 1);
        client.Publish("others", "x");
        await client.ExpectAsync(answer);
        client.Publish("mine", "x", qos, id: 1);
        await client.ExpectInAnyOrderAsync(answer.Replace(" 0x87", ""), "PUBLISH mine=x q0");
        broker.Broker.Statistics.Dropped(DropReason.NotAuthorized).ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task In_mqtt_3_a_publish_that_is_not_allowed_ends_the_connection(int qos)
    {
        await using var broker = TestBroker.Start();
        broker.Access.Publish = (_, _) => false;
        var client = await broker.ConnectAsync("a", MqttVersion.V311);
        client.Publish("t", "x");
        await client.PingAsync();
        client.Publish("t", "x", qos, id: 1);
        await client.ExpectClosedAsync();
        await broker.SettleAsync();
        broker.Broker.Statistics.Ended(DisconnectCause.PublishRefused).ShouldBe(1);
    }

    [Fact]
    public async Task Deliver_is_asked_for_live_and_retained_messages()
    {
        await using var broker = TestBroker.Start();
        broker.Access.Receive = (principal, topic) => principal.ClientId != "a" || topic != "secret";
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAckedAsync("secret", "old", retain: true);
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("#");
        await publisher.PublishAckedAsync("secret", "new");
        await publisher.PublishAckedAsync("open", "x");
        await client.ExpectAsync("PUBLISH open=x q0");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task When_the_rules_change_matches_are_made_anew()
    {
        await using var broker = TestBroker.Start();
        var client = await broker.ConnectAsync("a");
        await client.SubscribeAsync("t");
        client.Publish("t", "1");
        await client.ExpectAsync("PUBLISH t=1 q0");
        broker.Access.Receive = (_, _) => false;
        broker.Router.RulesChanged();
        client.Publish("t", "2");
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Another_user_who_resumes_a_session_is_asked_about_anew()
    {
        await using var broker = TestBroker.Start();
        broker.Access.Receive = (principal, _) => principal.User == "allowed";
        var first = broker.Open();
        await first.ConnectAsync("a", props: new() { { SessionExpiryInterval, 60 } }, user: "allowed");
        await first.SubscribeAsync("t");
        first.Publish("t", "1");
        await first.ExpectAsync("PUBLISH t=1 q0");
        var second = broker.Open();
        await second.ConnectAsync("a", clean: false, user: "other");
        second.Publish("t", "2");
        await second.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_decision_that_fails_refuses_the_client_and_is_reported()
    {
        var broker = TestBroker.Start();
        broker.Access.Connect = (_, _) => ValueTask.FromException<ConnectDecision>(new InvalidOperationException("no database"));
        (await broker.Open().ConnectAsync("a")).ToString().ShouldBe("CONNACK 0x87");
        broker.Logger.Errors.ShouldHaveSingleItem().ShouldContain("no database");
        await broker.Broker.DisposeAsync();
    }
}
