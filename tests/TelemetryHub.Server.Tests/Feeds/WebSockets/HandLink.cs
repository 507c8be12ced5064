using System.Net;
using System.Threading.Channels;
using TelemetryHub.Broker.Links;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets;

/// <summary>A link that the test moves by hand.</summary>
internal sealed class HandLink() : Link(new LinkInfo(LinkTransport.WebSocket, new IPEndPoint(IPAddress.Loopback, 1)))
{
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Queue<Action> _posted = new();

    /// <summary>What <see cref="BlockedSince"/> says.</summary>
    public long StuckSince { get; set; }

    public override long BlockedSince => StuckSince;

    public bool IsPaused { get; private set; }

    public bool IsAborted { get; private set; }

    /// <summary>Completes when somebody asked for a fill.</summary>
    public ValueTask<bool> WokenAsync() => _woken.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public void RunPosted()
    {
        while (_posted.TryDequeue(out var action)) action();
    }

    public override void Wake() => _woken.Writer.TryWrite(true);

    public override void Post(Action action) => _posted.Enqueue(action);

    public override void PauseReading() => IsPaused = true;

    public override void ResumeReading() => IsPaused = false;

    public override void Abort() => IsAborted = true;
}
