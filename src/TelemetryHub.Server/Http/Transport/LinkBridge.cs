using System.Buffers;
using System.IO.Pipelines;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Reactors;

namespace TelemetryHub.Server.Http.Transport;

/// <summary>
/// The link's side of a connection of the web server: copies what is received into one pipe and what the server wrote out of the other. Nothing of
/// the server's ever runs on the reactor's thread, but a short answer is sent by the server's own: one switch of threads less.
/// </summary>
internal sealed class LinkBridge(TcpLink link, LinkConnection connection, Pipe input, Pipe output) : IHalfOpenHandler, IThreadPoolWorkItem
{
    // While more than these wait for a thread, their answers and this one leave together, by the reactor: a third less CPU each. A lone answer is sent
    // here: waking the reactor takes longer than sending. Measured with 1 to 500 clients, see docs/decisions/0007-http-over-the-reactor.md.
    private const int FewWaiting = 4;

    // Guards what follows and the reading of the output. The reactor waits for it as long as another thread's send that cannot block.
    private readonly Lock _lock = new();
    private Successor? _successor;
    private LinkEnd? _end;
    private bool _isReactors; // the output is being sent by the reactor, so nobody else may
    private bool _isQueued; // somebody will look at the output
    private bool _isFinishing;
    private bool _isUnread; // the server reads no more: what still arrives is thrown away

    public int NeededBytes => 1;

    /// <summary>The server wrote something. Any thread.</summary>
    public void OnFlushed()
    {
        lock (_lock)
        {
            if (_isReactors || _isQueued || _end is not null)
                return;
            _isQueued = true;
        }

        // Not here and now: the server flushes a short answer twice, and both are to leave in one packet.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>On the thread that wrote, most likely, once it has nothing else to do.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_lock)
        {
            _isQueued = false;
            if (_isReactors || _end is not null)
                return;
            if (ThreadPool.PendingWorkItemCount <= FewWaiting && TrySendHere())
                return;
            _isReactors = true;
        }

        link.Wake();
    }

    /// <summary>The server writes no more. Any thread.</summary>
    public void Finish()
    {
        lock (_lock)
            (_isFinishing, _isReactors) = (true, true);
        link.Wake();
    }

    /// <summary>Any thread.</summary>
    public void Cut() => link.Abort();

    /// <summary>
    /// Whoever gets the link once everything that was written is out. Answers how the connection ended, when it has:
    /// then it is too late, and the handler was not told. Any thread.
    /// </summary>
    public LinkEnd? SetSuccessor(Successor successor)
    {
        lock (_lock)
        {
            if (_end is null)
                (_successor, _isReactors) = (successor, true);
            return _end;
        }
    }

    public int OnReceived(ReadOnlySpan<byte> bytes)
    {
        if (_isUnread)
            return bytes.Length;
        input.Writer.Write(bytes);
        var flush = input.Writer.FlushAsync(CancellationToken.None);
        if (flush.IsCompletedSuccessfully)
        {
            _isUnread = flush.Result.IsCompleted;
        }
        else
        {
            link.PauseReading();
            _ = ResumeAsync(flush);
        }

        return bytes.Length;
    }

    public FillResult Fill(IBufferWriter<byte> destination, int budgetBytes)
    {
        Successor? successor;
        lock (_lock)
        {
            if (!output.Reader.TryRead(out var read))
                return Rest();
            _isReactors = true; // also when somebody else woke the link: a feed that has something for a connection which is not taken yet
            Copy(read.Buffer, destination, budgetBytes);
            // More also after the last byte: the next call comes when it is out, and only then may others send.
            if (!read.Buffer.IsEmpty || !read.IsCompleted)
                return FillResult.More;

            if (_successor is null)
                return FillResult.Close;
            successor = _successor;
        }

        HandOver(successor, destination);
        return FillResult.More;
    }

    public void OnPeerDone()
    {
        input.Writer.Complete();
        connection.OnPeerDone();
    }

    public void OnClosed(LinkEnd end)
    {
        Successor? successor;
        lock (_lock)
            (_end, successor) = (end, _successor);
        input.Writer.Complete(LinkConnection.ErrorOf(end));
        output.Reader.Complete();
        connection.OnClosed();
        if (successor is null)
            return;
        input.Reader.Complete(); // the server's no more
        successor.Handler.OnClosed(end);
    }

    private async Task ResumeAsync(ValueTask<FlushResult> flush)
    {
        await flush.ConfigureAwait(false);
        link.Post(link.ResumeReading);
    }

    // Small answers of a quiet connection, which are most. Whatever is left goes the usual way.
    private bool TrySendHere()
    {
        if (!output.Reader.TryRead(out var read))
            return true;
        var bytes = read.Buffer;
        var sent = bytes.IsSingleSegment && !bytes.IsEmpty ? link.SendHere(bytes.FirstSpan) : 0;
        output.Reader.AdvanceTo(bytes.GetPosition(sent));
        return sent == bytes.Length && !read.IsCompleted;
    }

    private void Copy(ReadOnlySequence<byte> bytes, IBufferWriter<byte> destination, int budgetBytes)
    {
        var part = bytes.Length <= budgetBytes ? bytes : bytes.Slice(0, budgetBytes);
        foreach (var piece in part)
            destination.Write(piece.Span);
        output.Reader.AdvanceTo(part.End);
    }

    private FillResult Rest()
    {
        if (_isFinishing && _successor is null)
            return FillResult.Close;
        _isReactors = _successor is not null;
        return FillResult.Empty;
    }

    // The link's from now on is the successor, and nothing refers to this bridge, its pipes and the server's side any more.
    private void HandOver(Successor successor, IBufferWriter<byte> destination)
    {
        destination.Write(successor.Head);
        output.Reader.Complete();
        input.Reader.TryRead(out var unused);
        try
        {
            link.HandTo(successor.Handler, unused.Buffer.IsSingleSegment ? unused.Buffer.FirstSpan : unused.Buffer.ToArray());
        }
        finally
        {
            // Gives back what the pipe holds.
            input.Reader.Complete();
            input.Writer.Complete();
        }
    }
}
