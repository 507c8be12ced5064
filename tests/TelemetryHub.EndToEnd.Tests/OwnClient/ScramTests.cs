using TelemetryHub.Broker.Authentication;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Client;
using TelemetryHub.Mqtt.Client.Authentication;

namespace TelemetryHub.EndToEnd.Tests.OwnClient;

/// <summary>SCRAM-SHA-256 between our own client and the hub.</summary>
public sealed class ScramTests(ScramTests.GuardedBroker fixture) : IClassFixture<ScramTests.GuardedBroker>
{
    [Theory]
    [InlineData(MqttTransport.Tcp)]
    [InlineData(MqttTransport.Tls)]
    [InlineData(MqttTransport.WebSocket)]
    public async Task Who_knows_the_password_gets_in_and_can_prove_it_again(MqttTransport transport)
    {
        fixture.SkipOnMosquitto("has no SCRAM");
        await using var connection = await OneConnection.MakeAsync(Options(transport, "pencil"));
        await connection.Client.AuthenticateAgainAsync(TestContext.Current.CancellationToken);

        var topic = Unique.Topic("scram");
        await connection.Client.FollowAsync(topic);
        await connection.Client.SayAsync(topic, "in");
        (await connection.Client.NextAsync()).Text().ShouldBe("in");
    }

    [Theory]
    [InlineData("device=1,a", "wrong")]
    [InlineData("nobody", "pencil")]
    public async Task Who_does_not_know_it_is_refused(string user, string password)
    {
        fixture.SkipOnMosquitto("has no SCRAM");
        var refused = await Should.ThrowAsync<MqttRefusedException>(() => Options(MqttTransport.Tcp, password, user).ConnectAsync());
        refused.Reason.ShouldBe(ReasonCode.NotAuthorized);
    }

    private MqttClientOptions Options(MqttTransport transport, string password, string user = GuardedBroker.User) =>
        ClientOptions.For(fixture.Broker, transport) with { Authentication = new ScramSha256Authentication(user, password) };

    /// <summary>A hub with one user, in a file as an administrator would write it.</summary>
    public sealed class GuardedBroker : BrokerFixture
    {
        // With the two characters that SCRAM has to escape.
        public const string User = "device=1,a";

        public GuardedBroker()
            : this(new TemporaryDirectory())
        {
        }

        private GuardedBroker(TemporaryDirectory directory)
            : base($"Mqtt:ScramFile={directory["users"]}")
        {
            Directory = directory;
            var credential = ScramCredential.FromPassword("pencil", "a salt for it"u8, ScramCredential.MinIterations)!;
            File.WriteAllText(directory["users"], $"# the devices\n{User}:{credential.Format()}\n");
        }

        private TemporaryDirectory Directory { get; }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Dispose();
        }
    }
}
