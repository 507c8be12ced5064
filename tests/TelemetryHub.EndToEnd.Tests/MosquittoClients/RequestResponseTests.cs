using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary>Request and response with mosquitto_rr, which subscribes, asks and waits for the answer.</summary>
public sealed class RequestResponseTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private Listener Mqtt => fixture.Broker.Mqtt;

    [Fact]
    public async Task The_answer_comes_back_with_the_correlation_data()
    {
        var topic = Unique.Topic("request");
        await using var responder = await MosquittoSub.StartAsync(Mqtt, "%R %D %p", "-V", "mqttv5", "-t", topic, "-q", "1");
        await using var requester = RunningProgram.Start("mosquitto_rr", [
            .. Mqtt.MosquittoArguments, "-V", "mqttv5", "-t", topic, "-e", $"{topic}/answer", "-q", "1", "-m", "how warm?",
            "-D", "publish", "correlation-data", "c7", "-F", "%D %p"]);

        var request = (await responder.NextAsync()).Split(' ', 3);
        request.ShouldBe([$"{topic}/answer", "c7", "how warm?"]);
        await MosquittoPub.SendAsync(
            Mqtt, "-V", "mqttv5", "-t", request[0], "-q", "1", "-m", "21.5", "-D", "publish", "correlation-data", request[1]);

        (await requester.ExitAsync()).ShouldSucceed().Output.ShouldBe(["c7 21.5"]);
    }

    [Fact]
    public async Task It_works_by_convention_in_older_versions()
    {
        var topic = Unique.Topic("request");
        await using var responder = await MosquittoSub.StartAsync(Mqtt, "%p", "-V", "mqttv311", "-t", topic, "-q", "1");
        await using var requester = RunningProgram.Start("mosquitto_rr", [
            .. Mqtt.MosquittoArguments, "-V", "mqttv311", "-t", topic, "-e", $"{topic}/answer", "-q", "1", "-m", "how warm?"]);

        (await responder.NextAsync()).ShouldBe("how warm?");
        await MosquittoPub.SendAsync(Mqtt, "-V", "mqttv311", "-t", $"{topic}/answer", "-q", "1", "-m", "21.5");

        (await requester.ExitAsync()).ShouldSucceed().Output.ShouldBe(["21.5"]);
    }
}
