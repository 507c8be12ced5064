using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace TelemetryHub.Server.Http.Transport;

/// <summary>Makes the pipes between links and the web server: bounded as Kestrel's own transport bounds them, from one pool of memory.</summary>
internal sealed class LinkPipes
{
    private readonly PipeOptions _input;
    private readonly PipeOptions _output;

    public LinkPipes(IMemoryPoolFactory<byte> pools, SocketTransportOptions limits)
    {
        Pool = pools.Create(new MemoryPoolOptions { Owner = "telemetryhub" });
        // The web server's code runs on pool threads, never on a reactor: it may block.
        _input = Bounded(limits.MaxReadBufferSize, PipeScheduler.ThreadPool, PipeScheduler.Inline);
        _output = Bounded(limits.MaxWriteBufferSize, PipeScheduler.Inline, PipeScheduler.ThreadPool);
    }

    public System.Buffers.MemoryPool<byte> Pool { get; }

    /// <summary>From the link to the web server.</summary>
    public Pipe Input() => new(_input);

    /// <summary>From the web server to the link.</summary>
    public Pipe Output() => new(_output);

    // 0 is Kestrel's word for no bound, as it is the pipe's.
    private PipeOptions Bounded(long? bytes, PipeScheduler reader, PipeScheduler writer) =>
        new(Pool, reader, writer, bytes ?? 0, (bytes ?? 0) / 2, useSynchronizationContext: false);
}
