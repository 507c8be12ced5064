using System.Buffers;
using System.IO.Pipelines;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Reactors;

namespace TelemetryHub.Server.Http.Transport;

/// <summary>
/// The link's side of a connection of the web server: copies what is received into one pipe and what the server wrote out of the other. On the
/// reactor's thread, where nothing of the server's ever runs.
/// </summary>
internal sealed class LinkBridge(TcpLink link, LinkConnection connection, Pipe input, Pipe output) : IHalfOpenHandler
{
    private readonly Lock _lock = new(); // guards _successor and _end
    private Successor? _successor;
    private LinkEnd? _end;
    private volatile bool _isFinishing;
    private bool _isUnread; // the server reads no more: what still arrives is thrown away

    public int NeededBytes => 1;

    /// <summary>The server wrote something. Any thread.</summary>
    public void OnFlushed() => link.Wake();

    /// <summary>The server writes no more. Any thread.</summary>
    public void Finish()
    {
        _isFinishing = true;
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
                _successor = successor;
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
        var isLast = _isFinishing; // before the pipe is read: what was written before it is then seen
        while (output.Reader.TryRead(out var read))
        {
            var part = read.Buffer.Length <= budgetBytes ? read.Buffer : read.Buffer.Slice(0, budgetBytes);
            foreach (var piece in part)
                destination.Write(piece.Span);
            var isAll = part.Length == read.Buffer.Length;
            output.Reader.AdvanceTo(part.End);
            if (!isAll)
                return FillResult.More;
            if (read.IsCompleted)
                return _successor is { } successor ? HandOver(successor, destination) : FillResult.Close;
            if ((budgetBytes -= (int)part.Length) <= 0)
                return FillResult.More;
        }

        return isLast ? FillResult.Close : FillResult.Empty;
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

    // The link's from now on is the successor, and nothing refers to this bridge, its pipes and the server's side any more.
    private FillResult HandOver(Successor successor, IBufferWriter<byte> destination)
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

        return FillResult.More;
    }
}
