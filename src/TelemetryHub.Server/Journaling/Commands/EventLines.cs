using System.Buffers;
using System.Text.Json;
using TelemetryHub.Core.Events;
using TelemetryHub.Server.Events;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary>Writes events as lines of JSON to a stream, many at a time. One thread.</summary>
internal sealed class EventLines(Stream output, string epoch) : IDisposable
{
    private const int FlushBytes = 64 << 10;

    private readonly ArrayBufferWriter<byte> _lines = new(2 * FlushBytes);
    private readonly Utf8JsonWriter _json = new(Stream.Null, EventEnvelope.Options);
    private bool _isClosed; // nobody reads any more, as behind "| head"

    /// <summary>Adds a line; false when nobody reads any more.</summary>
    public bool TryWrite(Event @event)
    {
        _json.Reset(_lines);
        EventEnvelope.Write(_json, epoch, @event);
        _json.Flush();
        _lines.Write("\n"u8);
        return _lines.WrittenCount < FlushBytes || TryFlush();
    }

    /// <summary>Writes what is left; false when nobody reads any more.</summary>
    public bool TryFlush()
    {
        if (_isClosed)
            return false;

        try
        {
            output.Write(_lines.WrittenSpan);
            output.Flush();
            _lines.ResetWrittenCount();
            return true;
        }
        catch (IOException closed) when (IsBrokenPipe(closed))
        {
            _isClosed = true;
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        output.Dispose();
    }

    // EPIPE on Linux and macOS, ERROR_NO_DATA and ERROR_BROKEN_PIPE on Windows.
    private static bool IsBrokenPipe(IOException failure) =>
        failure.HResult is 32 or unchecked((int)0x800700E8) or unchecked((int)0x8007006D);
}
