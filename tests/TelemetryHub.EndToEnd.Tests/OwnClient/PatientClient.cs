using System.Text;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.EndToEnd.Tests.OwnClient;

/// <summary>What tests ask of our own client, with the suite's patience and with text for payloads.</summary>
internal static class PatientClient
{
    /// <summary>A client that is connected.</summary>
    public static async Task<MqttClient> ConnectAsync(this MqttClientOptions options)
    {
        var client = new MqttClient(options);
        await Patience.For(client.ConnectAsync(), "CONNACK");
        return client;
    }

    /// <summary>Subscribes and expects to be granted the QoS that it asks for.</summary>
    public static async Task FollowAsync(this MqttClient client, string filter, QoS qos = QoS.AtLeastOnce) =>
        (await Patience.For(client.SubscribeAsync(filter, qos), "SUBACK")).Outcomes.Single().Reason.ShouldBe((ReasonCode)qos);

    /// <summary>Publishes and expects that it is taken.</summary>
    public static Task SayAsync(this MqttClient client, string topic, string text, QoS qos = QoS.AtLeastOnce) =>
        client.SayAsync(topic, Encoding.UTF8.GetBytes(text), qos);

    /// <inheritdoc cref="SayAsync(MqttClient, string, string, QoS)"/>
    public static async Task SayAsync(this MqttClient client, string topic, byte[] payload, QoS qos = QoS.AtLeastOnce) =>
        (await Patience.For(client.PublishAsync(topic, payload, qos).AsTask(), "the acknowledgement")).IsSuccess.ShouldBeTrue();

    /// <summary>The next message.</summary>
    public static Task<ReceivedMessage> NextAsync(this MqttClient client) => Patience.For(client.Messages.ReadAsync().AsTask(), "a message");

    /// <summary>The payloads of the next messages, up to one that says <paramref name="last"/>, which is left out.</summary>
    public static async Task<List<string>> ReadUntilAsync(this MqttClient client, string last)
    {
        var received = new List<string>();
        while ((await client.NextAsync()).Text() is var text && text != last) received.Add(text);
        return received;
    }

    public static string Text(this ReceivedMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
