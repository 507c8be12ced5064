using TelemetryHub.Broker.Authentication;
using TelemetryHub.Broker.Tests.Authentication;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Core.Access;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Connecting;

public class ScramTests
{
    private const string Method = "SCRAM-SHA-256";

    private static readonly ScramFile Users = ScramFile.Parse([Line("ann", "pencil"), Line("bob", "pencil")], "users");

    private static string Line(string user, string password) => $"{user}:{ScramCredential.FromPassword(password, "salt-salt-salt-1"u8, 4096)!.Format()}";

    private static async Task<WirePacket> ConnectAsync(WireClient client, ScramClient scram)
    {
        var challenge = await client.ConnectAsync("a", props: new() { { AuthenticationMethod, Method }, { AuthenticationData, scram.First } });
        return await AnswerAsync(client, scram, challenge);
    }

    private static async Task<WirePacket> AgainAsync(WireClient client, ScramClient scram)
    {
        client.Send(WireWriter.Auth(ReasonCode.ReAuthenticate, new() { { AuthenticationMethod, Method }, { AuthenticationData, scram.First } }));
        return await AnswerAsync(client, scram, await client.ReceiveAsync());
    }

    private static Task<WirePacket> AnswerAsync(WireClient client, ScramClient scram, WirePacket challenge)
    {
        challenge.ToString().ShouldStartWith("AUTH 0x18 {AuthenticationMethod=SCRAM-SHA-256, AuthenticationData=r=");
        var final = scram.Final(challenge.Bytes(AuthenticationData)!);
        client.Send(WireWriter.Auth(ReasonCode.ContinueAuthentication, new() { { AuthenticationMethod, Method }, { AuthenticationData, final } }));
        return client.ReceiveAsync();
    }

    [Fact]
    public async Task Who_knows_the_password_gets_in_and_sees_that_the_hub_knows_it_too()
    {
        await using var broker = TestBroker.Start(scram: Users);
        ConnectRequest? asked = null;
        broker.Access.Connect = (request, cancellation) =>
        {
            asked = request;
            return new AllowAll().ConnectAsync(request, cancellation);
        };
        var scram = new ScramClient("ann", "pencil");
        var answer = await ConnectAsync(broker.Open(), scram);
        answer.Type.ShouldBe(PacketType.ConnAck);
        answer.Reason.ShouldBe(ReasonCode.Success);
        answer.String(AuthenticationMethod).ShouldBe(Method);
        answer.Bytes(AuthenticationData).ShouldBe(scram.ExpectedServerFinal);
        asked!.ProvenUser.ShouldBe("ann");
    }

    [Theory]
    [InlineData("ann", "crayon")]
    [InlineData("nobody", "pencil")]
    public async Task A_wrong_password_and_an_unknown_user_are_refused(string user, string password)
    {
        await using var broker = TestBroker.Start(scram: Users);
        var client = broker.Open();
        (await ConnectAsync(client, new ScramClient(user, password))).ToString().ShouldBe("CONNACK 0x87");
        await client.ExpectClosedAsync();
        await broker.SettleAsync();
        broker.Broker.SessionCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("PLAIN", true)]
    [InlineData("SCRAM-SHA-1", true)]
    [InlineData(Method, false)]
    public async Task A_method_that_is_not_offered_is_refused(string method, bool withUsers)
    {
        await using var broker = TestBroker.Start(scram: withUsers ? Users : null);
        var client = broker.Open();
        (await client.ConnectAsync("a", props: new() { { AuthenticationMethod, method }, { AuthenticationData, "n,,n=ann,r=abc" } })).ToString()
            .ShouldBe("CONNACK 0x8C");
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Another_packet_or_method_in_the_middle_of_it_ends_the_connection()
    {
        await using var broker = TestBroker.Start(scram: Users);
        var scram = new ScramClient("ann", "pencil");
        Props begin = new() { { AuthenticationMethod, Method }, { AuthenticationData, scram.First } };
        var impatient = broker.Open();
        (await impatient.ConnectAsync("a", props: begin)).Type.ShouldBe(PacketType.Auth);
        impatient.Publish("t");
        await impatient.ExpectClosedAsync();

        var fickle = broker.Open();
        (await fickle.ConnectAsync("a", props: begin)).Type.ShouldBe(PacketType.Auth);
        fickle.Send(WireWriter.Auth(ReasonCode.ContinueAuthentication, new() { { AuthenticationMethod, "PLAIN" }, { AuthenticationData, "x" } }));
        await fickle.ExpectAsync("CONNACK 0x82");
        await fickle.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_client_can_prove_itself_again_while_connected()
    {
        await using var broker = TestBroker.Start(scram: Users);
        var client = broker.Open();
        await ConnectAsync(client, new ScramClient("ann", "pencil"));
        for (var i = 0; i < 2; i++)
        {
            var scram = new ScramClient("ann", "pencil", nonce: $"nonce{i}");
            var answer = await AgainAsync(client, scram);
            answer.ToString().ShouldStartWith("AUTH {AuthenticationMethod=SCRAM-SHA-256, AuthenticationData=v=");
            answer.Bytes(AuthenticationData).ShouldBe(scram.ExpectedServerFinal);
        }
        await client.PingAsync();
    }

    [Theory]
    [InlineData("ann", "crayon")]
    [InlineData("bob", "pencil")]
    public async Task Failing_to_or_becoming_somebody_else_ends_the_connection(string user, string password)
    {
        await using var broker = TestBroker.Start(scram: Users);
        var client = broker.Open();
        await ConnectAsync(client, new ScramClient("ann", "pencil"));
        (await AgainAsync(client, new ScramClient(user, password))).ToString().ShouldBe("DISCONNECT 0x87");
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Auth_from_a_client_that_connected_without_is_a_protocol_error()
    {
        await using var broker = TestBroker.Start(scram: Users);
        var client = await broker.ConnectAsync("a");
        client.Send(WireWriter.Auth(ReasonCode.ReAuthenticate, new() { { AuthenticationMethod, Method }, { AuthenticationData, "n,,n=ann,r=abc" } }));
        await client.ExpectAsync("DISCONNECT 0x82");
    }
}
