using System.IO.Pipelines;
using TelemetryHub.Broker.Links;

namespace TelemetryHub.Broker.Tests.Links;

/// <summary>A running <see cref="PipeLink"/> with a recording handler and the peer's end of its pipes.</summary>
internal sealed class LinkUnderTest : IAsyncDisposable
{
    public LinkUnderTest(PipePair? pipes = null, Action<PipeLink, RecordingHandler>? beforeRun = null)
    {
        pipes ??= new PipePair();
        Peer = pipes.Peer;
        Link = new PipeLink(pipes.Link, new LinkInfo(LinkTransport.Tls, null));
        beforeRun?.Invoke(Link, Handler);
        Ended = Link.RunAsync(Handler, Cancellation.Token);
    }

    public IDuplexPipe Peer { get; }

    public PipeLink Link { get; }

    public RecordingHandler Handler { get; } = new();

    public CancellationTokenSource Cancellation { get; } = new();

    public Task<LinkEnd> Ended { get; }

    public async Task SendAsync(params byte[][] packets)
    {
        foreach (byte[] packet in packets) await Peer.Output.WriteAsync(packet, TestContext.Current.CancellationToken);
    }

    /// <summary>Completes when the link's owner has done all that was asked of it before.</summary>
    public Task OwnerAsync(Action? action = null)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Link.Post(() =>
        {
            action?.Invoke();
            done.SetResult();
        });
        return done.Task;
    }

    public async Task<byte[]> ReceiveAsync(int length)
    {
        ReadResult result = await Peer.Input.ReadAtLeastAsync(length, TestContext.Current.CancellationToken);
        byte[] bytes = new byte[length];
        System.Buffers.BuffersExtensions.CopyTo(result.Buffer.Slice(0, length), bytes);
        Peer.Input.AdvanceTo(result.Buffer.GetPosition(length));
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        Link.Abort();
        await Ended;
        await Handler.Closed;
        Handler.Overlapped.ShouldBeFalse("two calls of the handler overlapped, or the end was told twice");
        Cancellation.Dispose();
    }
}
