using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Threading.Channels;
using TelemetryHub.Broker.Links;

namespace TelemetryHub.Broker.Tests.Links;

/// <summary>Reads packets of a four-byte length and a body, records them, and fails the test when two of its calls overlap.</summary>
internal sealed class RecordingHandler : ILinkHandler
{
    private const int PrefixBytes = 4;
    private readonly Channel<byte[]> _packets = Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource<LinkEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;

    public ConcurrentQueue<byte[]> Waiting { get; } = new();

    public Task<LinkEnd> Closed => _closed.Task;

    public int Fills { get; private set; }

    public long BytesSeen { get; private set; }

    public bool Overlapped { get; private set; }

    public bool CloseWhenEmpty { get; set; }

    /// <summary>Called for every packet, on the owner; false leaves the packet in the buffer.</summary>
    public Func<byte[], bool> OnPacket { get; set; } = _ => true;

    public int NeededBytes { get; private set; } = PrefixBytes;

    public ValueTask<byte[]> NextAsync() => _packets.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public bool HasPacket => _packets.Reader.Count > 0;

    public int OnReceived(ReadOnlySpan<byte> bytes)
    {
        using var _ = new Call(this);
        BytesSeen += bytes.Length;
        int used = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = bytes[used..];
            NeededBytes = rest.Length < PrefixBytes ? PrefixBytes : PrefixBytes + BinaryPrimitives.ReadInt32LittleEndian(rest);
            if (rest.Length < NeededBytes) return used;
            byte[] body = rest[PrefixBytes..NeededBytes].ToArray();
            if (!OnPacket(body)) return used;
            _packets.Writer.TryWrite(body);
            used += NeededBytes;
        }
    }

    public FillResult Fill(IBufferWriter<byte> output, int budgetBytes)
    {
        using var _ = new Call(this);
        Fills++;
        for (int written = 0; Waiting.TryDequeue(out byte[]? bytes); written += bytes.Length)
        {
            output.Write(bytes);
            if (written + bytes.Length >= budgetBytes) return FillResult.More;
        }

        return CloseWhenEmpty ? FillResult.Close : FillResult.Empty;
    }

    public void OnClosed(LinkEnd end)
    {
        using var _ = new Call(this);
        if (!_closed.TrySetResult(end)) Overlapped = true;
    }

    public static byte[] Packet(ReadOnlySpan<byte> body)
    {
        byte[] packet = new byte[PrefixBytes + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packet, body.Length);
        body.CopyTo(packet.AsSpan(PrefixBytes));
        return packet;
    }

    private readonly ref struct Call
    {
        private readonly RecordingHandler _handler;

        public Call(RecordingHandler handler)
        {
            _handler = handler;
            if (Interlocked.Exchange(ref handler._inside, 1) == 1) handler.Overlapped = true;
        }

        public void Dispose() => Volatile.Write(ref _handler._inside, 0);
    }
}
