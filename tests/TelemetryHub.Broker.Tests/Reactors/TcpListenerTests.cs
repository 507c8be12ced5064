using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Reactors;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Broker.Tests.Links;
using TcpListener = TelemetryHub.Broker.Reactors.TcpListener;

namespace TelemetryHub.Broker.Tests.Reactors;

public sealed class TcpListenerTests : IReactorWork, ILinkAcceptor, IDisposable
{
    private readonly RecordingLogger _log = new();
    private readonly Channel<RecordingHandler> _accepted = Channel.CreateUnbounded<RecordingHandler>();
    private readonly Reactor _reactor;
    private readonly TcpListener _listener;
    private int _faults;

    public TcpListenerTests()
    {
        _reactor = new Reactor("test", this, _log);
        _listener = TcpListener.Start(new IPEndPoint(IPAddress.Loopback, 0), [_reactor], this, _log);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_cannot_be_served_costs_no_other()
    {
        _faults = 2;
        await BeCutAsync();
        await BeCutAsync();

        using var client = await ConnectAsync();
        var handler = await _accepted.Reader.ReadAsync(Cancel);
        client.Send([4, 0, 0, 0, 1, 2, 3, 4]);

        (await handler.NextAsync()).ShouldBe([1, 2, 3, 4]);
        _log.At(LogLevel.Error).ShouldHaveSingleItem().ShouldContain("could not be served");
    }

    [Fact]
    public async Task A_peer_that_vanished_without_a_word_is_found_out_by_the_kernel()
    {
        using var client = await ConnectAsync();
        await _accepted.Reader.ReadAsync(Cancel);

        // proc(5): local and remote address, state, queues, and the timer that is running; 02 is that of the keep-alive.
        var ports = (_listener.Address.Port, ((IPEndPoint)client.LocalEndPoint!).Port);
        var rows = await File.ReadAllLinesAsync("/proc/net/tcp", Cancel);
        var row = rows.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Single(row => (PortOf(row[1]), PortOf(row[2])) == ports);
        row[5].ShouldStartWith("02:");
    }

    ILinkHandler? ILinkAcceptor.Accept(Link link)
    {
        if (_faults-- > 0)
            throw new InvalidOperationException("No room.");
        var handler = new RecordingHandler();
        _accepted.Writer.TryWrite(handler);
        return handler;
    }

    void IReactorWork.OnBatchRead()
    {
        // Nothing is routed.
    }

    public void Dispose() => _reactor.Dispose();

    private static int PortOf(string address) => int.Parse(address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private async Task BeCutAsync()
    {
        try
        {
            using var socket = await ConnectAsync();
            (await socket.ReceiveAsync(new byte[1], Cancel)).ShouldBe(0);
        }
        catch (SocketException cut) when (cut.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Perhaps before connecting has returned.
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_listener.Address, Cancel);
        return socket;
    }
}
