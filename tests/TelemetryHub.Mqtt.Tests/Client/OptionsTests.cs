using System.Text;
using TelemetryHub.Mqtt.Client;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("mqtt://hub", MqttTransport.Tcp, 1883)]
    [InlineData("mqtts://hub", MqttTransport.Tls, 8883)]
    [InlineData("ws://hub", MqttTransport.WebSocket, 80)]
    [InlineData("wss://hub:8443/other?x=1", MqttTransport.SecureWebSocket, 8443)]
    public void An_address_sets_what_it_names(string address, MqttTransport transport, int port)
    {
        var options = new MqttClientOptions { Uri = new Uri(address) };
        options.Host.ShouldBe("hub");
        options.Transport.ShouldBe(transport);
        options.EffectivePort.ShouldBe(port);
        options.WebSocketPath.ShouldBe(port == 8443 ? "/other?x=1" : "/mqtt");
    }

    [Fact]
    public void An_address_may_carry_credentials()
    {
        var options = new MqttClientOptions { Uri = new Uri("mqtt://me%40home:p%3Aw@hub:1") };
        options.UserName.ShouldBe("me@home");
        Encoding.UTF8.GetString(options.Password!.Value.Span).ShouldBe("p:w");
    }

    [Fact]
    public void An_address_that_is_not_MQTT_is_refused() =>
        Should.Throw<ArgumentException>(() => new MqttClientOptions { Uri = new Uri("http://hub") });

    public static TheoryData<string> Mistakes => [.. Wrong.Keys];

    private static Dictionary<string, MqttClientOptions> Wrong { get; } = new()
    {
        ["Host"] = new() { Host = "" },
        ["Port"] = new() { Port = 70000 },
        ["KeepAlive"] = new() { KeepAlive = TimeSpan.FromDays(1) },
        ["ReceiveMaximum"] = new() { ReceiveMaximum = 0 },
        ["MaximumInFlight"] = new() { MaximumInFlight = 65535 },
        ["MaximumPacketBytes"] = new() { MaximumPacketBytes = 1 },
        ["ConnectTimeout"] = new() { ConnectTimeout = TimeSpan.Zero },
        ["ClientId"] = new() { ClientId = "a\0" },
        ["UserName"] = new() { UserName = "\ud800" },
        ["Password"] = new() { Version = MqttVersion.V311, Password = new byte[1] },
        ["Version"] = new() { Version = (MqttVersion)7 },
        ["Will.Topic"] = new() { Will = new MqttWill { Topic = default } },
        ["Will.Payload"] = new() { Will = new MqttWill { Topic = TopicName.Parse("w"), Payload = new byte[70000] } },
        ["Tls.CaFile"] = new() { Tls = new MqttTlsOptions { CaFile = "/nowhere/ca.pem" } },
        ["Reconnect.MaximumDelay"] = new() { Reconnect = new ReconnectPolicy { MaximumDelay = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_by_the_name_of_the_option(string option) =>
        Should.Throw<ArgumentException>(() => new MqttClient(Wrong[option])).ParamName.ShouldBe(option);

    [Fact]
    public void Back_off_doubles_to_its_maximum_and_is_spread_over_the_whole_interval()
    {
        var policy = new ReconnectPolicy { MinimumDelay = TimeSpan.FromSeconds(1), MaximumDelay = TimeSpan.FromSeconds(10), Jitter = () => 1 };
        Enumerable.Range(0, 6).Select(attempt => policy.DelayBefore(attempt).TotalSeconds).ShouldBe([1, 2, 4, 8, 10, 10]);
        policy.DelayBefore(int.MaxValue).TotalSeconds.ShouldBe(10);
        new ReconnectPolicy { Jitter = () => 0 }.DelayBefore(5).ShouldBe(TimeSpan.Zero);
    }
}
