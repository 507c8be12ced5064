using System.Buffers;
using TelemetryHub.Core.Feeds.Queries;

namespace TelemetryHub.Core.Feeds.Encodings.Cbor;

/// <summary>Writes an item as a CBOR map.</summary>
internal ref struct CborItemWriter(IBufferWriter<byte> output) : IItemWriter
{
    private const int MaxScratchBytes = 64 << 10; // a larger one is not kept

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch; // for what is written before its length is known

    private CborWriter _cbor = new(output);

    public void Start(int members) => _cbor.WriteMap(members);

    public void Name(ReadOnlySpan<byte> name) => _cbor.WriteText(name);

    public void Text(ReadOnlySpan<byte> utf8) => _cbor.WriteText(utf8);

    public void Text(string text) => _cbor.WriteText(text);

    public void Cursor(ReadOnlySpan<byte> epoch, long sequence) => _cbor.WriteCursor(epoch, sequence);

    public void Time(long unixMilliseconds) => _cbor.WriteInteger(unixMilliseconds);

    public void Number(long number) => _cbor.WriteInteger(number);

    public void Bool(bool value) => _cbor.WriteBool(value);

    public void Null() => _cbor.WriteNull();

    /// <summary>A byte string, whatever is in it.</summary>
    public void Payload(ReadOnlySpan<byte> payload, FieldSelection? fields)
    {
        Name("payload"u8);
        if (fields is null || !TryWriteFields(payload, fields))
            _cbor.WriteBytes(payload);
    }

    public void End() => _cbor.Flush();

    private bool TryWriteFields(ReadOnlySpan<byte> payload, FieldSelection fields)
    {
        var scratch = _scratch ??= new ArrayBufferWriter<byte>();
        scratch.ResetWrittenCount();
        if (!fields.TryWrite(payload, scratch))
            return false;
        _cbor.WriteBytes(scratch.WrittenSpan);
        if (scratch.Capacity > MaxScratchBytes)
            _scratch = null;
        return true;
    }
}
