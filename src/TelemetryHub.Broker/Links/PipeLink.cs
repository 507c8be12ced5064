using System.IO.Pipelines;
using TelemetryHub.Broker.Reactors;

namespace TelemetryHub.Broker.Links;

/// <summary>
/// A link over pipes: TLS, WebSocket, and plain TCP where there is no epoll.
/// Its owner is a chain of pool work items: whatever happens leaves a mark in <c>_mail</c>, and whoever leaves the first one starts the
/// owner. An idle link holds neither a thread, a timer nor a buffer.
/// </summary>
/// <param name="pipe">The connection; completed by the link, not disposed.</param>
/// <param name="info">Where it came from.</param>
/// <param name="work">What is due after a batch of received bytes; on the owner.</param>
/// <param name="cut">Closes what lies below the pipe at once, for <see cref="Abort"/>. Called from any thread, perhaps more than once.</param>
public sealed class PipeLink : Link, IThreadPoolWorkItem
{
    /// <summary>After so many rounds a busy link lets others have the thread.</summary>
    private const int RoundsPerTurn = 16;

    private readonly PipeInput _input;
    private readonly PipeOutput _output;
    private readonly Action? _cut;
    private readonly TaskCompletionSource<LinkEnd> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private ILinkHandler? _handler;
    private PostedAction? _posted;
    private Exception? _bug;
    private LinkEnd? _end;
    private bool _outputCompleting;
    private bool _outputCompleted;

    // Owned from the start, so that marks left before RunAsync wait for it.
    private int _mail = (int)Mail.Owned;

    /// <inheritdoc cref="PipeLink"/>
    public PipeLink(IDuplexPipe pipe, LinkInfo info, IReactorWork? work = null, Action? cut = null)
        : base(info)
    {
        _input = new PipeInput(pipe.Input, work, () => Signal(Mail.Read, here: true));
        _output = new PipeOutput(pipe.Output, () => Signal(Mail.Flushed, here: true));
        _cut = cut;
    }

    [Flags]
    private enum Mail
    {
        None = 0,
        Owned = 1,
        Wake = 2,
        Posted = 4,
        Read = 8,
        Flushed = 16,
        Abort = 32,
        OutputCompleted = 64,
    }

    /// <inheritdoc/>
    public override long BlockedSince => _output.BlockedSince;

    /// <summary>Whether <see cref="Abort"/> was called and the owner has not acted on it yet.</summary>
    internal bool IsCut => ((Mail)Volatile.Read(ref _mail) & Mail.Abort) != 0;

    /// <summary>
    /// Carries the connection until it ends and says how. Call it once. Faulted only when the handler threw, which is a bug;
    /// the connection is closed and the handler told in that case as well. Cancelling aborts.
    /// </summary>
    public Task<LinkEnd> RunAsync(ILinkHandler handler, CancellationToken cancellationToken)
    {
        _handler = handler;
        _cancellation = cancellationToken.UnsafeRegister(static link => ((PipeLink)link!).Abort(), this);
        Run();
        return _done.Task;
    }

    /// <inheritdoc/>
    public override void Wake() => Signal(Mail.Wake);

    /// <inheritdoc/>
    public override void Post(Action action)
    {
        PostedAction.Push(ref _posted, action);
        Signal(Mail.Posted);
    }

    /// <inheritdoc/>
    public override void PauseReading() => _input.Pause();

    /// <inheritdoc/>
    public override void ResumeReading() => _input.Resume();

    /// <inheritdoc/>
    public override void Abort()
    {
        // The mark first, so that whoever sees an error of the cut sees the mark, too.
        Signal(Mail.Abort);
        if (!_done.Task.IsCompleted) _cut?.Invoke();
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>Leaves a mark for the owner; <paramref name="here"/> lets a pool thread that comes from the pipe become the owner at once.</summary>
    private void Signal(Mail mark, bool here = false)
    {
        if (((Mail)Interlocked.Or(ref _mail, (int)(mark | Mail.Owned)) & Mail.Owned) != 0) return;
        if (here && Thread.CurrentThread.IsThreadPoolThread) Run();
        else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Run()
    {
        for (int round = 0; round < RoundsPerTurn; round++)
        {
            var mail = (Mail)Interlocked.Exchange(ref _mail, (int)Mail.Owned);
            if (_end is null) Turn(mail);
            else Leave(mail);
            bool idle = _end is not null || !(_output.CanFill || (_input.CanStep && !_output.IsClosing));
            if (idle && Interlocked.CompareExchange(ref _mail, 0, (int)Mail.Owned) == (int)Mail.Owned) return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Turn(Mail mail)
    {
        LinkEnd? end = null;
        try
        {
            if ((mail & Mail.Abort) != 0) end = LinkEnd.Aborted;
            if ((mail & Mail.Read) != 0) _input.OnCompleted();
            if ((mail & Mail.Flushed) != 0 && _output.OnCompleted() is { } flushed) end ??= flushed;
            if ((mail & Mail.Wake) != 0) _output.Want();
            if (end is null && (mail & Mail.Posted) != 0) PostedAction.RunAll(ref _posted);
            if (end is null && _input.CanStep && !_output.IsClosing) end = _input.Step(_handler!, this);
            if (end is null && _output.CanFill) end = _output.Fill(_handler!);
            if (end == LinkEnd.PeerClosed) end = AnswerLast();
        }
        catch (Exception bug)
        {
            // A handler must not throw. When it does, that costs its own connection and shows in RunAsync's task.
            _bug = bug;
            end = LinkEnd.Aborted;
        }

        // The errors that a cut causes must not pass for the reason of the end.
        if (end is not null) End(IsCut ? LinkEnd.Aborted : end.Value);
    }

    // The peer may have ended its own half only, as Chromium does with the close frame of a WebSocket in HTTP/2: what its last bytes asked
    // for is still written to it, once.
    private LinkEnd AnswerLast()
    {
        if (((Mail)Interlocked.And(ref _mail, (int)~Mail.Wake) & Mail.Wake) != 0) _output.Want();
        return _output.CanFill && _output.Fill(_handler!) == LinkEnd.Closed ? LinkEnd.Closed : LinkEnd.PeerClosed;
    }

    private void End(LinkEnd end)
    {
        _end = end;
        _posted = null;
        _cancellation.Unregister();
        try
        {
            _handler!.OnClosed(end);
        }
        catch (Exception bug)
        {
            _bug ??= bug;
        }

        if (_output.IsPending) _output.CancelPending();
        Leave(Mail.None);
    }

    /// <summary>
    /// The way out, each step once the one before is through: the flush, completing the output, the read, completing the input.
    /// In this order, as completing the output may still send (a WebSocket close frame), which a cancelled read would prevent;
    /// and a pipe over a stream must not be completed while the stream still writes into its buffer.
    /// </summary>
    private void Leave(Mail mail)
    {
        if ((mail & Mail.Read) != 0) _input.OnCompleted();
        if ((mail & Mail.Flushed) != 0) _output.OnCompleted();
        if (_output.IsPending) return;
        if (!_outputCompleting)
        {
            _outputCompleting = true;
            _ = CompleteOutputAsync();
        }

        if ((mail & Mail.OutputCompleted) == 0 && !_outputCompleted) return;
        if (!_outputCompleted && _input.IsPending) _input.CancelPending();
        _outputCompleted = true;
        if (_input.IsPending || _done.Task.IsCompleted) return;
        _input.Complete();
        if (_bug is null) _done.SetResult(_end!.Value);
        else _done.SetException(_bug);
    }

    private async Task CompleteOutputAsync()
    {
        try
        {
            // With an error, the pipe throws away what it still holds.
            bool inOrder = _end is LinkEnd.Closed or LinkEnd.PeerClosed;
            await _output.CompleteAsync(inOrder ? null : new OperationCanceledException()).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The connection is ending already and its reason is known; nothing is left to be told.
        }

        Signal(Mail.OutputCompleted);
    }
}
