using System.Security.Cryptography.X509Certificates;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class WebSocketTests
{
    [Theory]
    [InlineData(MqttVersion.V31, "mqttv3.1")]
    [InlineData(MqttVersion.V311, "mqtt")]
    [InlineData(MqttVersion.V5, "mqtt")]
    public async Task MQTT_travels_in_binary_frames_under_its_own_name(MqttVersion version, string protocol)
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var bridge = new WebSocketBridge(broker.Port);
        await using var client = new MqttClient(new MqttClientOptions
        {
            Uri = new Uri($"ws://127.0.0.1:{bridge.Port}/some/path"),
            Version = version,
            ConfigureWebSocket = socket => socket.SetRequestHeader("X-Site", "north"),
        });
        await client.ConnectAsync(Limits.Patience());
        bridge.Request.ShouldStartWith("GET /some/path HTTP/1.1");
        bridge.Request.ShouldContain($"Sec-WebSocket-Protocol: {protocol}\r\n");
        bridge.Request.ShouldContain("X-Site: north");
        await PublishAndReceiveAsync(client);
        await client.DisconnectAsync().Soon();
    }

    [Fact]
    public async Task Over_TLS_the_same_rules_hold_as_without_WebSocket()
    {
        using var certificates = new Certificates();
        await using var broker = await Mosquitto.StartAsync();
        await using var bridge = new WebSocketBridge(
            broker.Port, X509Certificate2.CreateFromPemFile(certificates["server.pem"], certificates["server.key"]));
        await using var client = new MqttClient(new MqttClientOptions
        {
            Uri = new Uri($"wss://localhost:{bridge.Port}"),
            Tls = new MqttTlsOptions { CaFile = certificates["ca.pem"] },
        });
        await client.ConnectAsync(Limits.Patience());
        await PublishAndReceiveAsync(client);
    }

    [Fact]
    public async Task A_text_frame_ends_the_connection()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var bridge = new WebSocketBridge(broker.Port) { TextInstead = "hello" };
        await using var client = new MqttClient(new MqttClientOptions { Uri = new Uri($"ws://127.0.0.1:{bridge.Port}") });
        var failed = await Should.ThrowAsync<MqttDisconnectedException>(client.ConnectAsync(Limits.Patience()));
        failed.InnerException.ShouldBeOfType<InvalidDataException>();
    }

    private static async Task PublishAndReceiveAsync(MqttClient client)
    {
        await client.SubscribeAsync("a", QoS.ExactlyOnce).Soon();
        var payload = new byte[20_000];
        Random.Shared.NextBytes(payload);
        await client.PublishAsync("a", payload, QoS.ExactlyOnce).Soon();
        (await client.Messages.ReadAsync(Limits.Patience())).Payload.ToArray().ShouldBe(payload);
    }
}
