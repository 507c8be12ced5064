using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Http;
using TelemetryHub.Server.Mqtt;

namespace TelemetryHub.Server.Tests.Configuration;

public class HubConfigurationTests
{
    [Fact]
    public void Nothing_said_means_the_defaults_everywhere()
    {
        var reading = Reading.Of();

        reading.Problems.ShouldBeEmpty();
        reading.Configuration.Values.ShouldAllBe(value => value.Source == "default");
        reading.Configuration.Get<MqttOptions>().Listen.ToString().ShouldBe("127.0.0.1:1883");
        reading.Configuration.Get<HttpOptions>().Listen.ToString().ShouldBe("127.0.0.1:8080");
        reading.Configuration.Get<HubOptions>().Data.Value.ShouldBe("./data");
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_which_wins_over_the_file()
    {
        var reading = Reading.Of(
            """{ "Mqtt": { "MaxInflight": 1, "ReceiveMaximum": 1, "TopicAliasMaximum": 1 } }""",
            ["Mqtt__ReceiveMaximum=2", "Mqtt__TopicAliasMaximum=2"],
            ["--Mqtt:TopicAliasMaximum=3"]);

        reading.Problems.ShouldBeEmpty();
        var mqtt = reading.Configuration.Get<MqttOptions>();
        (mqtt.MaxInflight, mqtt.ReceiveMaximum, mqtt.TopicAliasMaximum).ShouldBe((1, 2, 3));
        reading.Source("Mqtt:MaxInflight").ShouldBe("telemetryhub.json:1");
        reading.Source("Mqtt:ReceiveMaximum").ShouldBe("environment Mqtt__ReceiveMaximum");
        reading.Source("Mqtt:TopicAliasMaximum").ShouldBe("command line");
    }

    [Fact]
    public void An_unknown_key_is_named_with_its_source_and_the_nearest_known_one_for_all_three_sources() =>
        Reading.Of("""{ "Mqtt": { "Lisen": "x" } }""", ["Mqtt__MaxConection=1"], ["--Htp:Listen=x"]).Problems.ShouldBe(
        [
            "Mqtt:Lisen (telemetryhub.json:1): there is no such key; did you mean Mqtt:Listen?",
            "Mqtt:MaxConection (environment Mqtt__MaxConection): there is no such key; did you mean Mqtt:MaxConnections?",
            "Htp:Listen (command line): there is no such key; did you mean Http:Listen?",
        ]);

    [Fact]
    public void All_problems_are_told_at_once() =>
        Reading.Of(
            """{ "Mqtt": { "MaxConnections": "many", "ConnectTimeout": "10" } }""",
            ["Log__Level=loud"],
            ["--Mqtt:MaxPacketBytes=1", "--Mqtt:MaxInflight=65536"]).Problems.ShouldBe(
        [
            "Mqtt:MaxConnections (telemetryhub.json:1): 'many' is not a whole number",
            "Mqtt:ConnectTimeout (telemetryhub.json:1): '10' is not a duration (250ms, 10s, 5m, 24h, 7d)",
            "Log:Level (environment Log__Level): 'loud' is none of trace, debug, information, warning, error, critical, none",
            "Mqtt:MaxPacketBytes (command line): '1' is less than 1KiB, the smallest allowed",
            "Mqtt:MaxInflight (command line): '65536' is more than 65535, the largest allowed",
        ]);

    [Fact]
    public void A_key_set_twice_in_one_source_is_a_mistake()
    {
        Reading.Of("{ \"Log\": { \"Level\": \"error\",\n \"level\": \"debug\" } }").Problems
            .ShouldBe(["Log:Level (telemetryhub.json:2): set twice (first by telemetryhub.json:1)"]);
        Reading.Of(environment: ["Log__Level=error", "LOG__LEVEL=error"]).Problems.ShouldHaveSingleItem().ShouldContain("set twice");
        Reading.Of(args: ["--Log:Level=error", "--Log:Level=error"]).Problems
            .ShouldBe(["Log:Level (command line): set twice"]);
    }

    [Fact]
    public void A_segment_is_at_most_a_quarter_of_the_journal()
    {
        Reading.Of(args: ["--Journal:MaxBytes=256MiB", "--Journal:MaxAge=0"]).Problems.ShouldBeEmpty();
        Reading.Of(args: ["--Journal:MaxBytes=255MiB"]).Problems
            .ShouldBe(["Journal:SegmentBytes (default): 64MiB is more than a quarter of MaxBytes (255MiB)"]);
    }

    [Fact]
    public void A_tls_listener_needs_a_certificate_and_a_key_that_are_there() =>
        Reading.Of(args: ["--Mqtt:TlsListen=127.0.0.1:8883", "--Mqtt:TlsCertificate=/nowhere.pem"]).Problems.ShouldBe(
        [
            "Mqtt:TlsCertificate (command line): there is no file '/nowhere.pem'",
            "Mqtt:TlsKey (default): TlsListen needs a certificate and its key",
        ]);

    [Fact]
    public void A_secret_is_shown_nowhere()
    {
        var keys = new ConfigurationKeys().Add<SecretOptions>("Test");

        var good = Reading.Of(environment: ["Test__Password=hunter2", "Test__Pin=1234"], keys: keys);
        var bad = Reading.Of(environment: ["Test__Pin=hunter2"], keys: keys);

        good.Configuration.Get<SecretOptions>().Password.ShouldBe("hunter2");
        good.Configuration.Values.Select(value => value.Shown).ShouldBe(["********", "********"]);
        EffectiveTable.Write(good.Configuration).ShouldNotContain("hunter2");
        bad.Problems.ShouldBe(["Test:Pin (environment Test__Pin): the value is not a whole number"]);
    }

    private sealed class SecretOptions
    {
        [Key("a text", Secret = true)]
        public string Password { get; init; } = "";

        [Key("a number", Secret = true)]
        public int Pin { get; init; }
    }
}
