using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.OwnClient;
using TelemetryHub.EndToEnd.Tests.Raw;
using TelemetryHub.Mqtt.Client;

namespace TelemetryHub.EndToEnd.Tests.Crowds;

/// <summary>As many clients as a process may have sockets.</summary>
[Collection(AloneDefinition.Name)]
public sealed class ManyClientsTests
{
    private const int Clients = 15_000;

    // Measured: 4 KB. The bound leaves room for a heap that the collector has not cleaned yet.
    private const long MaxBytesEach = 12 * 1024;

    [Fact]
    public async Task Fifteen_thousand_clients_each_get_their_message_and_are_forgotten_when_they_leave()
    {
        await using var hub = await HubProcess.StartAsync("Mqtt:SysInterval=1s");
        await using var watcher = await ClientOptions.For(hub, MqttTransport.Tcp).ConnectAsync();
        await watcher.FollowAsync("$SYS/broker/clients/connected");
        var before = ResidentMemory.Of(hub.Program);

        await using var crowd = await Crowd.GatherAsync(hub.Mqtt, Clients, wave: 1000, SubscribeAsync);
        await watcher.ReadUntilAsync($"{Clients + 1}");

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => watcher.SayAsync($"crowd/{number}", $"for {number}")));
        await crowd.EachAsync(async (member, number) =>
        {
            var body = PacketNotation.Parse($"\"crowd/{number}\" 'for {number}'");
            (await member.ReadAsync()).ShouldBePacket($"30 {Convert.ToHexString(body)}");
        });

        var bytesEach = (ResidentMemory.Of(hub.Program) - before) / Clients;
        await crowd.DisposeAsync();
        await watcher.ReadUntilAsync("1");
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytesEach} bytes of resident memory per connection");
        bytesEach.ShouldBeLessThan(MaxBytesEach);
    }

    private static async Task SubscribeAsync(RawConnection member, int number)
    {
        await member.SendAsync(RawConnection.ConnectNotation(4, $"crowd{number}") + $" 82 {{ 0001 \"crowd/{number}\" 00 }}");
        (await member.ReadAsync()).ShouldBePacket("20 0000");
        (await member.ReadAsync()).ShouldBePacket("90 000100");
    }
}
