using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MqttJs;

/// <summary>The JavaScript client, over TCP, TLS and WebSocket. What is checked stands in <c>tests/clients/mqttjs_*.mjs</c>.</summary>
public sealed class MqttJsTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData("3", "tcp")]
    [InlineData("4", "tcp")]
    [InlineData("5", "tcp")]
    [InlineData("4", "tls")]
    [InlineData("5", "tls")]
    [InlineData("3", "ws")]
    [InlineData("4", "ws")]
    [InlineData("5", "ws")]
    public Task Messages_are_delivered_as_they_were_sent(string version, string transport) =>
        RunAsync("mqttjs_delivery.mjs", version, transport);

    [Theory]
    [InlineData("tcp")]
    [InlineData("ws")]
    public Task Properties_and_subscription_options_are_kept(string transport) => RunAsync("mqttjs_properties.mjs", "5", transport);

    [Theory]
    [InlineData("3", "tcp")]
    [InlineData("4", "ws")]
    [InlineData("5", "tcp")]
    [InlineData("5", "ws")]
    public Task A_will_is_published_when_its_client_vanishes(string version, string transport) =>
        RunAsync("mqttjs_will.mjs", version, transport);

    [Theory]
    [InlineData("3", "tcp", 2)]
    [InlineData("4", "tcp", 1)]
    [InlineData("4", "ws", 2)]
    [InlineData("5", "tcp", 2)]
    [InlineData("5", "tls", 2)]
    [InlineData("5", "ws", 1)]
    [InlineData("5", "ws", 2)]
    public Task Broken_connections_lose_nothing(string version, string transport, int qos) =>
        RunAsync("mqttjs_resume.mjs", version, transport, qos);

    [Theory]
    [InlineData("3", "tcp", 2)]
    [InlineData("4", "tcp", 1)]
    [InlineData("4", "ws", 2)]
    [InlineData("5", "tcp", 1)]
    [InlineData("5", "tcp", 2)]
    [InlineData("5", "tls", 2)]
    [InlineData("5", "ws", 1)]
    [InlineData("5", "ws", 2)]
    public Task Ten_thousand_messages_arrive_once_and_in_order(string version, string transport, int qos) =>
        RunAsync("mqttjs_many.mjs", version, transport, qos);

    private Task RunAsync(string script, string version, string transport, int qos = 2)
    {
        var broker = fixture.Broker;
        var url = transport switch
        {
            "tls" => $"mqtts://{Listener.Host}:{broker.Tls.Port}",
            "ws" => broker.WebSocket.ToString(),
            _ => $"mqtt://{Listener.Host}:{broker.Mqtt.Port}",
        };
        string[] security = transport == "tls" ? ["--ca", broker.Tls.Authority!] : [];
        return ClientScript.RunNodeAsync(
            script, ["--url", url, "--version", version, "--qos", $"{qos}", "--run", Unique.ClientId("run"), .. security]);
    }
}
