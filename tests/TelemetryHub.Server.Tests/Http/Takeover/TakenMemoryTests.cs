using System.Net;
using System.Net.Sockets;
using TelemetryHub.Server.Tests.Http.Transport;

namespace TelemetryHub.Server.Tests.Http.Takeover;

[Collection(nameof(Alone))]
public class TakenMemoryTests
{
    private const int Count = 2000;

    // Measured: 460 bytes for link, address and the place in the reactor's list. The rest is for what the pools of the server happen to keep.
    private const long BudgetBytes = 1024;

    [Fact]
    public async Task A_connection_that_was_taken_costs_a_link_and_its_handler()
    {
        var ofClients = await OfClientsAsync();
        await using var server = await TakingServer.StartAsync();
        server.Handler = _ => new QuietHandler();
        await using var first = await ConnectAsync(server);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = new RawClient[Count];
        for (var i = 0; i < Count; i++)
            clients[i] = await ConnectAsync(server);
        var each = ((GC.GetTotalMemory(forceFullCollection: true) - before) / Count) - ofClients;
        TestContext.Current.TestOutputHelper!.WriteLine($"{each} bytes, and {ofClients} of the client");
        each.ShouldBeLessThan(BudgetBytes);
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private static async Task<RawClient> ConnectAsync(TakingServer server)
    {
        var client = await server.Web.ConnectAsync();
        await client.GetAsync("/take");
        await client.ReadHeadAsync();
        return client;
    }

    // What the clients of this very process cost: connected to a listener that never asks for them.
    private static async Task<long> OfClientsAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(Count);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = new RawClient[Count];
        for (var i = 0; i < Count; i++)
        {
            clients[i] = await RawClient.ConnectAsync((IPEndPoint)listener.LocalEndPoint!);
            await clients[i].SendAsync("x");
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        foreach (var client in clients)
            await client.DisposeAsync();
        return each;
    }
}
