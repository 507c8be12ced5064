using System.Net;
using System.Text;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Core.Access;

namespace TelemetryHub.Broker.Tests.Proxy;

public class ProxyListenerTests
{
    private static readonly byte[] Binary = Convert.FromHexString("0D0A0D0A000D0A515549540A2111000CC0000201C00002020DDC075B");

    public static TheoryData<byte[], string?> Headers => new()
    {
        { Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.7 192.0.2.8 56324 1883\r\n"), "192.0.2.7:56324" },
        { Encoding.ASCII.GetBytes("PROXY TCP6 2001:db8::1 ::1 56324 1883\r\n"), "[2001:db8::1]:56324" },
        { Binary, "192.0.2.1:3548" },
        { Encoding.ASCII.GetBytes("PROXY UNKNOWN\r\n"), null },
    };

    private static (WireClient Client, Task<string?> Remote) Open(TestBroker broker)
    {
        var remote = new TaskCompletionSource<string?>();
        broker.Access.Connect = (request, cancellation) =>
        {
            remote.TrySetResult(request.Remote?.ToString());
            return new AllowAll().ConnectAsync(request, cancellation);
        };
        return (broker.Open(address: broker.Broker.Listen(new IPEndPoint(IPAddress.Loopback, 0), behindProxy: true)), remote.Task);
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task The_client_behind_the_proxy_is_the_one_that_counts(byte[] header, string? source)
    {
        await using var broker = TestBroker.Start();
        var (client, remote) = Open(broker);
        client.Send(header);
        (await client.ConnectAsync("a")).Reason.ShouldBe(Mqtt.ReasonCode.Success);
        (await remote).ShouldBe(source ?? client.Socket.LocalEndPoint!.ToString());
        await client.PingAsync();
    }

    [Fact]
    public async Task A_header_in_one_segment_with_connect_or_cut_at_every_byte_is_read()
    {
        await using var broker = TestBroker.Start();
        var (client, _) = Open(broker);
        var connect = WireWriter.Connect(Mqtt.MqttVersion.V5, "a", true, 0, null, null, null, null);
        client.Send([.. Binary, .. connect]);
        (await client.ReceiveAsync()).Reason.ShouldBe(Mqtt.ReasonCode.Success);
        var (cut, remote) = Open(broker);
        foreach (var part in Binary.Concat(connect))
            cut.Send(part);
        (await cut.ReceiveAsync()).Reason.ShouldBe(Mqtt.ReasonCode.Success);
        (await remote).ShouldBe("192.0.2.1:3548");
    }

    [Fact]
    public async Task Without_a_header_nobody_gets_in()
    {
        await using var broker = TestBroker.Start();
        var (client, _) = Open(broker);
        client.SendConnect("a");
        await client.ExpectClosedAsync();
        await broker.SettleAsync();
        broker.Broker.ConnectionCount.ShouldBe(0);
        broker.Broker.Statistics.Ended(DisconnectCause.Aborted).ShouldBe(1);
    }
}
