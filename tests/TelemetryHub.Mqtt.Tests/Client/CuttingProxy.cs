using System.Net;
using System.Net.Sockets;

namespace TelemetryHub.Mqtt.Tests.Client;

/// <summary>
/// Stands between a client and a real broker and passes whole packets on, until one comes that the test named: then it cuts the
/// connection, once per rule, after or instead of passing that packet on.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly Queue<Cut> _cuts;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public CuttingProxy(int target, params Cut[] cuts)
    {
        (_target, _cuts) = (target, new Queue<Cut>(cuts));
        _listener.Start();
        _accepting = AcceptAllAsync();
    }

    /// <summary>Where and when to cut; rules apply one after another.</summary>
    public readonly record struct Cut(PacketType Type, bool FromClient, bool PassOn, int Skip = 0);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int CutsLeft
    {
        get
        {
            lock (_gate)
                return _cuts.Count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        var passing = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                passing.Add(PassAsync(client, server, fromClient: true));
                passing.Add(PassAsync(server, client, fromClient: false));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(passing);
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to, bool fromClient)
    {
        try
        {
            var (input, output) = (from.GetStream(), to.GetStream());
            while (await ReadPacketAsync(input) is { } packet)
            {
                var cut = IsNextCut((PacketType)(packet[0] >> 4), fromClient);
                if (cut is null || cut.Value.PassOn)
                    await output.WriteAsync(packet, _stop.Token);
                if (cut is not null)
                    break;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // one side is gone, so the other goes, too
        }

        from.Dispose();
        to.Dispose();
    }

    private Cut? IsNextCut(PacketType type, bool fromClient)
    {
        lock (_gate)
        {
            if (!_cuts.TryPeek(out var next) || next.Type != type || next.FromClient != fromClient)
                return null;
            _cuts.Dequeue();
            if (next.Skip == 0)
                return next;

            // This one passes; the rule goes on in front of the others.
            var rest = _cuts.ToArray();
            _cuts.Clear();
            foreach (var cut in rest.Prepend(next with { Skip = next.Skip - 1 }))
                _cuts.Enqueue(cut);
            return null;
        }
    }

    private async Task<byte[]?> ReadPacketAsync(NetworkStream input)
    {
        var packet = new List<byte>();
        var one = new byte[1];
        int length = 0, shift = 0;
        do
        {
            if (await input.ReadAsync(one, _stop.Token) == 0)
                return null;
            packet.Add(one[0]);
            if (packet.Count > 1)
            {
                length |= (one[0] & 0x7F) << shift;
                shift += 7;
            }
        }
        while (packet.Count == 1 || one[0] >= 0x80);
        var body = new byte[length];
        await input.ReadExactlyAsync(body, _stop.Token);
        return [.. packet, .. body];
    }
}
