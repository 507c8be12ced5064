using System.Net;
using System.Net.Sockets;
using TelemetryHub.Broker.Tests.Harness;

namespace TelemetryHub.Broker.Tests.Connecting;

public class ListenTests
{
    [Fact]
    public async Task An_address_that_is_taken_is_refused()
    {
        await using var first = TestBroker.Start();
        await using var second = TestBroker.Start();
        var address = first.Broker.Listen(new IPEndPoint(IPAddress.Loopback, 0));

        Should.Throw<SocketException>(() => second.Broker.Listen(address)).SocketErrorCode.ShouldBe(SocketError.AddressAlreadyInUse);
    }

    [Fact]
    public async Task An_address_is_free_as_soon_as_the_last_run_is_over()
    {
        IPEndPoint address;
        await using (var first = TestBroker.Start())
        {
            address = first.Broker.Listen(new IPEndPoint(IPAddress.Loopback, 0));
            await first.Open(address: address).ConnectAsync("a"); // it is closed by the hub's side: that leaves TIME_WAIT
        }
        await using var second = TestBroker.Start();
        second.Broker.Listen(address).ShouldBe(address);
    }
}
