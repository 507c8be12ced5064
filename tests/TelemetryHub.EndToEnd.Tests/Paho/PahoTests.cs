using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Paho;

/// <summary>The Python client, over TCP, TLS and WebSocket. What is checked stands in <c>tests/clients/paho_*.py</c>.</summary>
public sealed class PahoTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData("3", "tcp")]
    [InlineData("4", "tcp")]
    [InlineData("5", "tcp")]
    [InlineData("4", "tls")]
    [InlineData("5", "tls")]
    [InlineData("3", "websockets")]
    [InlineData("4", "websockets")]
    [InlineData("5", "websockets")]
    public Task Messages_are_delivered_as_they_were_sent(string version, string transport) =>
        RunAsync("paho_delivery.py", version, transport);

    [Fact]
    public Task Properties_and_subscription_options_are_kept() => RunAsync("paho_properties.py");

    [Fact]
    public Task Topic_aliases_stand_for_their_topics_in_both_directions() => RunAsync("paho_topic_aliases.py");

    [Theory]
    [InlineData("3", "tcp")]
    [InlineData("4", "tcp")]
    [InlineData("5", "tcp")]
    [InlineData("5", "tls")]
    [InlineData("4", "websockets")]
    public Task Broken_connections_lose_and_double_nothing(string version, string transport) =>
        RunAsync("paho_resume.py", version, transport);

    [Fact]
    public Task The_receive_maximum_of_a_subscriber_is_kept()
    {
        fixture.SkipOnMosquitto("sends up to the receive maximum again after each acknowledgement");
        return RunAsync("paho_receive_maximum.py");
    }

    [Fact]
    public Task A_message_names_the_subscriptions_that_it_matches() => RunAsync("paho_subscription_identifiers.py");

    [Theory]
    [InlineData("3", "tcp")]
    [InlineData("4", "tls")]
    [InlineData("5", "tcp")]
    [InlineData("5", "tls")]
    [InlineData("5", "websockets")]
    public Task Ten_thousand_messages_arrive_exactly_once(string version, string transport) =>
        RunAsync("paho_exactly_once.py", version, transport);

    private Task RunAsync(string script, string version = "5", string transport = "tcp")
    {
        var broker = fixture.Broker;
        var port = transport switch
        {
            "tls" => broker.Tls.Port,
            "websockets" => broker.WebSocket.Port,
            _ => broker.Mqtt.Port,
        };
        string[] security = transport == "tls" ? ["--ca", broker.Tls.Authority!] : [];
        return ClientScript.RunPythonAsync(
            script, ["--port", $"{port}", "--version", version, "--run", Unique.ClientId("run"),
            "--transport", transport == "websockets" ? "websockets" : "tcp", .. security]);
    }
}
