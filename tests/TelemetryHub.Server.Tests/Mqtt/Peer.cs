using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace TelemetryHub.Server.Tests.Mqtt;

/// <summary>A client on a plain socket, or on TLS over one.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private Stream _stream = Stream.Null;

    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    public static async Task<Peer> ConnectAsync(IPEndPoint address)
    {
        var peer = new Peer();
        await peer._socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        peer._stream = new NetworkStream(peer._socket);
        return peer;
    }

    public async Task<Peer> SecureAsync(Http.PemFiles files, params SslApplicationProtocol[] protocols)
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: true);
        _stream = tls;
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == files.Thumbprint,
                ApplicationProtocols = [.. protocols],
            },
            TestContext.Current.CancellationToken);
        return this;
    }

    public async Task SendAsync(params byte[] bytes)
    {
        await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        await _stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    public async Task<byte[]> ReceiveAsync(int length)
    {
        byte[] bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        return bytes;
    }

    /// <summary>Completes when the server closed; true when in order, false for a reset.</summary>
    public async Task<bool> ClosedAsync()
    {
        try
        {
            byte[] buffer = new byte[4096];
            while (await _stream.ReadAsync(buffer, TestContext.Current.CancellationToken) > 0)
            {
                // What was on its way is of no interest.
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Vanishes with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _stream.DisposeAsync();
    }
}
