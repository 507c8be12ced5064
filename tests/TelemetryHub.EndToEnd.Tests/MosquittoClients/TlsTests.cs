using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary>The TLS listener, with OpenSSL on the other side.</summary>
public sealed class TlsTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData("mqttv31", "tlsv1.2")]
    [InlineData("mqttv311", "tlsv1.3")]
    [InlineData("mqttv5", "tlsv1.2")]
    [InlineData("mqttv5", "tlsv1.3")]
    public async Task Messages_pass_through_TLS(string version, string tls)
    {
        var topic = Unique.Topic("tls");
        string[] arguments = ["-V", version, "--tls-version", tls, "-t", topic, "-q", "2"];
        await using var subscriber = await MosquittoSub.StartAsync(fixture.Broker.Tls, "%q %p", arguments);

        await MosquittoPub.SendAsync(fixture.Broker.Tls, [.. arguments, "-m", "secret"]);
        await MosquittoPub.SendAsync(fixture.Broker.Mqtt, "-t", topic, "-m", "from the other listener");

        (await subscriber.TakeAsync(2)).ShouldBe(["2 secret", "0 from the other listener"]);
    }

    [Fact]
    public async Task Many_messages_pass_through_TLS_in_order()
    {
        var topic = Unique.Topic("tls");
        var lines = Enumerable.Range(0, 5_000).Select(number => $"{number} {new string('x', 200)}").ToArray();
        await using var subscriber = await MosquittoSub.StartAsync(fixture.Broker.Tls, "%p", "-t", topic, "-q", "1");
        await MosquittoPub.SendLinesAsync(fixture.Broker.Tls, lines, "-t", topic, "-q", "1");
        (await subscriber.TakeAsync(lines.Length)).ShouldBe(lines);
    }

    [Fact]
    public async Task A_client_that_trusts_another_authority_does_not_connect()
    {
        using var directory = new TemporaryDirectory();
        var stranger = fixture.Broker.Tls with { Authority = new TestCertificates(directory).Authority };
        var result = await RunningProgram.RunAsync("mosquitto_pub", [.. stranger.MosquittoArguments, "-t", "t", "-m", "m"]);
        result.ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task A_client_without_TLS_on_the_TLS_listener_does_not_connect()
    {
        var plain = fixture.Broker.Tls with { Authority = null };
        var result = await RunningProgram.RunAsync("mosquitto_pub", [.. plain.MosquittoArguments, "-t", "t", "-m", "m"]);
        result.ExitCode.ShouldNotBe(0);
    }
}
