using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using TelemetryHub.Broker.Links;

namespace TelemetryHub.Server.Tests.Http.Takeover;

/// <summary>Sends what it is told, collects what arrives, and fails when it is told of the end twice.</summary>
internal sealed class StreamHandler(Link link) : ILinkHandler
{
    private readonly ConcurrentQueue<byte[]> _waiting = [];
    private readonly Channel<string> _received = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<LinkEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isClosing;

    public Link Link => link;

    public Task<LinkEnd> Closed => _closed.Task;

    public int NeededBytes => 1;

    public void Send(string text)
    {
        _waiting.Enqueue(Encoding.Latin1.GetBytes(text));
        link.Wake();
    }

    /// <summary>Closes behind what was sent.</summary>
    public void Close()
    {
        _isClosing = true;
        link.Wake();
    }

    public async Task<string> ReceiveAsync(int count)
    {
        var text = new StringBuilder();
        while (text.Length < count)
            text.Append(await _received.Reader.ReadAsync(TestContext.Current.CancellationToken));
        return text.ToString();
    }

    public int OnReceived(ReadOnlySpan<byte> bytes)
    {
        _closed.Task.IsCompleted.ShouldBeFalse();
        _received.Writer.TryWrite(Encoding.Latin1.GetString(bytes));
        return bytes.Length;
    }

    public FillResult Fill(IBufferWriter<byte> output, int budgetBytes)
    {
        _closed.Task.IsCompleted.ShouldBeFalse();
        var isClosing = _isClosing;
        for (var filled = 0; _waiting.TryDequeue(out var bytes);)
        {
            output.Write(bytes);
            filled += bytes.Length;
            if (filled >= budgetBytes)
                return FillResult.More;
        }

        return isClosing ? FillResult.Close : FillResult.Empty;
    }

    public void OnClosed(LinkEnd end) => _closed.SetResult(end);
}
