using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Reactors;
using TelemetryHub.Core.Feeds;
using TelemetryHub.Server.Http.Takeover;

namespace TelemetryHub.Server.Http.Transport;

/// <summary>The web server's side of a connection on a reactor. Let go completely when the connection is taken over.</summary>
internal sealed partial class LinkConnection : ConnectionContext, IDuplexPipe, ILinkTakeover, IThreadPoolWorkItem, IMemoryPoolFeature,
    IConnectionIdFeature, IConnectionEndPointFeature, IConnectionItemsFeature, IConnectionLifetimeFeature, IConnectionTransportFeature
{
    /// <summary>How long a peer may take nothing of what the server still had to say when it closed. Kestrel alone would wait for ever.</summary>
    private static readonly TimeSpan ClosingTimeout = TimeSpan.FromSeconds(5);

    // Unique also among what an earlier process logged.
    private static long _lastId = DateTime.UtcNow.Ticks;

    private readonly TcpLink _link;
    private readonly LinkPipes _pipes;
    private readonly ILogger _logger;
    private readonly DetachableReader _input;
    private readonly DetachableWriter _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isToldOfClose; // the reactor's
    private volatile bool _isTaken;

    public LinkConnection(TcpLink link, LinkPipes pipes, ILogger logger)
    {
        (_link, _pipes, _logger) = (link, pipes, logger);
        var (input, output) = (pipes.Input(), pipes.Output());
        Bridge = new LinkBridge(link, this, input, output);
        _input = new DetachableReader(input.Reader);
        _output = new DetachableWriter(output.Writer, Bridge);
        Transport = this;
        ConnectionId = Interlocked.Increment(ref _lastId).ToString("X");
        ConnectionClosed = _closed.Token;
        Features.Set<ILinkTakeover>(this);
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionEndPointFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
    }

    public LinkBridge Bridge { get; }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get => field ??= new ConnectionItems(); set; }

    public override IDuplexPipe Transport { get; set; }

    PipeReader IDuplexPipe.Input => _input;

    PipeWriter IDuplexPipe.Output => _output;

    MemoryPool<byte> IMemoryPoolFeature.MemoryPool => _pipes.Pool;

    Link ILinkTakeover.Link => _link;

    IFeedLoop ILinkTakeover.Loop => _link.Reactor;

    /// <summary>What the server reads at the end of its input, when that is not simply the end.</summary>
    public static Exception? ErrorOf(LinkEnd end) => end switch
    {
        LinkEnd.Reset => new ConnectionResetException("The peer reset the connection."),
        LinkEnd.Aborted => new ConnectionAbortedException(),
        _ => null,
    };

    void ILinkTakeover.Take(HttpContext context, ReadOnlySpan<byte> head, ILinkHandler handler)
    {
        if (_isTaken || context.Response.HasStarted)
            throw new InvalidOperationException("Only a connection whose response has not started can be taken over.");
        _isTaken = true;
        // In this order: the end of the output makes the reactor hand over, and it then reads what is left of the input.
        _input.Detach();
        var end = Bridge.SetSuccessor(new Successor(head.ToArray(), handler));
        _output.Detach();
        if (end is { } reason)
            handler.OnClosed(reason);
        else
            _link.Wake();
    }

    public override void Abort(ConnectionAbortedException? abortReason)
    {
        if (_isTaken)
            return;
        // Kestrel aborts without a reason when the peer has closed its side: it will not write any more. What it wrote is still sent.
        if (abortReason is null)
            Bridge.Finish();
        else
            Bridge.Cut();
    }

    /// <summary>The server is done with it. Returns when what it wrote is on its way.</summary>
    public override async ValueTask DisposeAsync()
    {
        _input.Complete();
        _output.Complete();
        while (!_isTaken && !_gone.Task.IsCompleted)
        {
            await _gone.Task.WaitAsync(ClosingTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_link.BlockedSince is > 0 and var since && Environment.TickCount64 - since >= ClosingTimeout.TotalMilliseconds)
                _link.Abort();
        }

        await base.DisposeAsync();
    }

    /// <summary>On the reactor's thread.</summary>
    public void OnPeerDone() => TellOfClose();

    /// <summary>On the reactor's thread.</summary>
    public void OnClosed()
    {
        TellOfClose();
        _gone.TrySetResult();
    }

    /// <summary>The callbacks of a closed connection, the application's among them: on a pool thread.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            _closed.Cancel();
        }
        catch (Exception bug) // thrown to nobody else, and it must not end the process
        {
            Log.CallbackFault(_logger, bug);
        }
    }

    // A connection that was taken over has not ended for whoever took it; its request has, and with it whoever would listen.
    private void TellOfClose()
    {
        if (_isToldOfClose || _isTaken)
            return;
        _isToldOfClose = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Something that waited for the end of a connection failed")]
        public static partial void CallbackFault(ILogger logger, Exception fault);
    }
}
