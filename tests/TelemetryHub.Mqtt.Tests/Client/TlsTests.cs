using System.Net.Security;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class TlsTests : IDisposable
{
    private readonly Certificates _certificates = new();

    [Fact]
    public async Task Client_and_server_prove_who_they_are()
    {
        await using var broker = await StartAsync();
        await using var client = new MqttClient(Options(broker, Trusting()));
        await client.ConnectAsync(Limits.Patience());
        await client.SubscribeAsync("a", QoS.AtLeastOnce).Soon();
        var payload = new byte[100_000];
        Random.Shared.NextBytes(payload);
        await client.PublishAsync("a", payload, QoS.AtLeastOnce).Soon();
        (await client.Messages.ReadAsync(Limits.Patience())).Payload.ToArray().ShouldBe(payload);
        await client.DisconnectAsync().Soon();
    }

    [Fact]
    public async Task A_server_of_an_unknown_authority_is_not_trusted()
    {
        await using var broker = await StartAsync();
        await using var client = new MqttClient(Options(broker, new MqttTlsOptions()));
        var failed = await Should.ThrowAsync<MqttDisconnectedException>(client.ConnectAsync(Limits.Patience()));
        failed.End!.Cause.ShouldBe(DisconnectCause.TransportFailed);
        failed.InnerException.ShouldBeOfType<System.Security.Authentication.AuthenticationException>();
    }

    [Fact]
    public async Task A_server_with_another_name_is_not_trusted()
    {
        await using var broker = await StartAsync();
        var tls = Trusting() with { Authentication = new SslClientAuthenticationOptions { TargetHost = "other.example" } };
        await using var client = new MqttClient(Options(broker, tls));
        await Should.ThrowAsync<MqttDisconnectedException>(client.ConnectAsync(Limits.Patience()));
    }

    [Fact]
    public async Task A_client_without_its_certificate_is_not_let_in()
    {
        await using var broker = await StartAsync();
        await using var client = new MqttClient(Options(broker, new MqttTlsOptions { CaFile = _certificates["ca.pem"] }));
        await Should.ThrowAsync<MqttDisconnectedException>(client.ConnectAsync(Limits.Patience()));
    }

    public void Dispose() => _certificates.Dispose();

    private MqttTlsOptions Trusting() => new()
    {
        CaFile = _certificates["ca.pem"],
        ClientCertificateFile = _certificates["client.pem"],
        ClientKeyFile = _certificates["client.key"],
    };

    private static MqttClientOptions Options(Mosquitto broker, MqttTlsOptions tls) =>
        new() { Uri = new Uri($"mqtts://localhost:{broker.Port}"), Tls = tls };

    private Task<Mosquitto> StartAsync() => Mosquitto.StartAsync($"""
        cafile {_certificates["ca.pem"]}
        certfile {_certificates["server.pem"]}
        keyfile {_certificates["server.key"]}
        require_certificate true
        """);
}
