using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace TelemetryHub.Server.Feeds.WebSockets.Frames;

/// <summary>
/// Reads a client's frames (RFC 6455 §5) and puts its messages together. It holds a buffer only while a message is incomplete and while its last
/// <see cref="Payload"/> is looked at: read until <see cref="Received.Nothing"/>. One caller at a time.
/// </summary>
/// <param name="maxMessageBytes">A message of more is a fault, known from the header of the frame that makes it too large.</param>
internal sealed class FrameReader(int maxMessageBytes)
{
    private byte[] _buffer = [];
    private int _messageBytes; // of the message that is not complete yet
    private int _payloadStart;
    private int _payloadBytes;
    private Opcode _message; // what the incomplete message is; Continuation = there is none

    /// <summary>How many bytes must be there for the next step.</summary>
    public int NeededBytes { get; private set; } = 2;

    /// <summary>Of the message or control frame that was just read; until the next call. Of a close frame: its reason.</summary>
    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(_payloadStart, _payloadBytes);

    /// <summary>What the peer's close frame said, or what a fault is answered with.</summary>
    public CloseCode CloseCode { get; private set; }

    /// <summary>Takes one whole frame from the front of <paramref name="bytes"/>. After a fault or a close frame nothing more is read.</summary>
    public Received Read(ReadOnlySpan<byte> bytes, out int used)
    {
        used = 0;
        if (_message == Opcode.Continuation) Release();
        if (CloseCode != CloseCode.None) return Received.Nothing;
        if (!FrameHeader.TryRead(bytes, out var header, out var needed, out var isFault))
        {
            NeededBytes = needed;
            return isFault ? Fault(CloseCode.ProtocolError) : Received.Nothing;
        }

        if (IsOutOfPlace(header)) return Fault(CloseCode.ProtocolError);
        if (!header.IsControl && header.PayloadBytes > (ulong)(maxMessageBytes - _messageBytes)) return Fault(CloseCode.TooLarge);
        NeededBytes = header.Bytes + (int)header.PayloadBytes;
        if (bytes.Length < NeededBytes) return Received.Nothing;
        used = NeededBytes;
        NeededBytes = 2;
        Unmask(bytes[header.Bytes..used], header.Mask);
        return header.IsControl ? TakeControl(header.Opcode) : TakeData(header);
    }

    /// <summary>Gives the buffer back; what is incomplete is forgotten.</summary>
    public void Release()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_messageBytes, _payloadStart, _payloadBytes, _message) = (0, 0, 0, Opcode.Continuation);
    }

    // §5.4: a continuation needs a beginning, and between the two only control frames may stand.
    private bool IsOutOfPlace(FrameHeader header)
        => !header.IsControl && (header.Opcode == Opcode.Continuation) != (_message != Opcode.Continuation);

    private Received Fault(CloseCode code)
    {
        Release();
        CloseCode = code;
        return Received.Fault;
    }

    // A control frame stands behind the incomplete message, which goes on in its place.
    private void Unmask(ReadOnlySpan<byte> masked, uint mask)
    {
        if (_buffer.Length < _messageBytes + masked.Length) Grow(_messageBytes + masked.Length);
        FrameMask.Remove(masked, _buffer.AsSpan(_messageBytes, masked.Length), mask);
        (_payloadStart, _payloadBytes) = (_messageBytes, masked.Length);
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(2 * _messageBytes, maxMessageBytes)));
        _buffer.AsSpan(0, _messageBytes).CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private Received TakeData(FrameHeader header)
    {
        if (_message == Opcode.Continuation) _message = header.Opcode;
        _messageBytes += _payloadBytes;
        if (!header.IsFinal) return Received.Part;
        (_payloadStart, _payloadBytes) = (0, _messageBytes);
        var isText = _message == Opcode.Text;
        (_message, _messageBytes) = (Opcode.Continuation, 0);
        if (!isText) return Received.Binary;
        return Utf8.IsValid(Payload) ? Received.Text : Fault(CloseCode.NotUtf8); // §8.1
    }

    private Received TakeControl(Opcode opcode) => opcode switch
    {
        Opcode.Ping => Received.Ping,
        Opcode.Pong => Received.Pong,
        _ => TakeClose(),
    };

    // §5.5.1: nothing, or a code and a reason.
    private Received TakeClose()
    {
        if (_payloadBytes == 1) return Fault(CloseCode.ProtocolError);
        if (_payloadBytes == 0)
        {
            CloseCode = CloseCode.NoStatus;
            return Received.Close;
        }

        var code = BinaryPrimitives.ReadUInt16BigEndian(Payload);
        (_payloadStart, _payloadBytes) = (_payloadStart + 2, _payloadBytes - 2);
        if (!MayBeSent(code)) return Fault(CloseCode.ProtocolError);
        if (!Utf8.IsValid(Payload)) return Fault(CloseCode.NotUtf8);
        CloseCode = (CloseCode)code;
        return Received.Close;
    }

    // §7.4.1 and the registry of IANA up to 1014; 3000-4999 are for libraries and applications.
    private static bool MayBeSent(ushort code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}
