using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using TelemetryHub.Broker.Proxy;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Server.Mqtt;

/// <summary>
/// Reads the PROXY header before anything else of a connection, before TLS too, and takes its source for the peer.
/// A connection without one is cut: it did not come through the proxy.
/// </summary>
internal sealed partial class ProxyHeaderMiddleware(ConnectionDelegate next, TimeProvider time, TimeSpan timeout, ILogger log)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);
    private long _nextLogTicks;

    public async Task OnConnectedAsync(ConnectionContext connection)
    {
        var status = await TryReadAsync(connection);
        if (status == ReadStatus.Complete)
        {
            await next(connection);
            return;
        }

        // The proxy's health checks connect and say nothing; only wrong bytes are worth a line.
        if (status == ReadStatus.Malformed) LogRarely(connection);
        connection.Abort(new ConnectionAbortedException("no PROXY header"));
    }

    private async Task<ReadStatus> TryReadAsync(ConnectionContext connection)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        try
        {
            while (true)
            {
                var result = await connection.Transport.Input.ReadAsync(deadline.Token);
                var status = Take(connection, result.Buffer);
                if (status != ReadStatus.NeedMore || result.IsCompleted) return status;
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return ReadStatus.NeedMore; // gone, or too slow
        }
    }

    private static ReadStatus Take(ConnectionContext connection, ReadOnlySequence<byte> buffer)
    {
        var front = buffer.Slice(0, Math.Min(buffer.Length, ProxyHeader.MaxBytes));
        var status = ProxyHeader.TryRead(front.IsSingleSegment ? front.FirstSpan : front.ToArray(), out var header);
        PipeReader input = connection.Transport.Input;
        if (status == ReadStatus.Complete)
        {
            // Not examined further: what follows the header is for the next reader, at once.
            input.AdvanceTo(buffer.GetPosition(header.Length));
            connection.RemoteEndPoint = header.Source ?? connection.RemoteEndPoint;
        }
        else
        {
            input.AdvanceTo(buffer.Start, buffer.End);
        }

        return status;
    }

    private void LogRarely(ConnectionContext connection)
    {
        var now = time.GetUtcNow().UtcTicks;
        var allowed = Volatile.Read(ref _nextLogTicks);
        if (now < allowed || Interlocked.CompareExchange(ref _nextLogTicks, now + LogInterval.Ticks, allowed) != allowed) return;
        Log.NoHeader(log, connection.RemoteEndPoint);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Peer} does not begin with a PROXY header, which Mqtt:ProxyProtocol demands; it was cut")]
        public static partial void NoHeader(ILogger logger, System.Net.EndPoint? peer);
    }
}
