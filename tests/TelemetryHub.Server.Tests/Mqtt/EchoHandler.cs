using System.Buffers;
using TelemetryHub.Broker.Links;

namespace TelemetryHub.Server.Tests.Mqtt;

/// <summary>Sends back every packet: a length byte and as many bytes. An empty packet asks it to close; <c>0xFF</c> to send without end.</summary>
internal sealed class EchoHandler(Link link) : ILinkHandler
{
    private const byte Flood = 0xFF;
    private readonly TaskCompletionSource<LinkEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _flooded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrayBufferWriter<byte> _waiting = new();
    private bool _closing;
    private bool _flooding;
    private int _fills;

    public Link Link => link;

    public Task<LinkEnd> Closed => _closed.Task;

    /// <summary>Completes in the middle of a flood.</summary>
    public Task Flooded => _flooded.Task;

    public int NeededBytes { get; private set; } = 1;

    public int OnReceived(ReadOnlySpan<byte> bytes)
    {
        int used = 0;
        while (used < bytes.Length && bytes.Length - used > bytes[used])
        {
            int length = bytes[used] + 1;
            _closing |= length == 1;
            _flooding |= length == 2 && bytes[used + 1] == Flood;
            _waiting.Write(bytes.Slice(used, length));
            used += length;
        }

        NeededBytes = used < bytes.Length ? bytes[used] + 1 : 1;
        if (used > 0) link.Wake();
        return used;
    }

    public FillResult Fill(IBufferWriter<byte> output, int budgetBytes)
    {
        if (_flooding) output.Write(new byte[budgetBytes]);
        if (_flooding && ++_fills == 20) _flooded.SetResult();
        output.Write(_waiting.WrittenSpan);
        _waiting.ResetWrittenCount();
        return _closing ? FillResult.Close : _flooding ? FillResult.More : FillResult.Empty;
    }

    public void OnClosed(LinkEnd end) => _closed.SetResult(end);
}
