using System.Buffers;
using System.Text;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Feeds.Encodings;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary>Writes events as lines of JSON to a stream, many at a time. One thread.</summary>
internal sealed class EventLines(Stream output, string epoch) : IDisposable
{
    private const int FlushBytes = 64 << 10;

    private static readonly JsonLineEncoding Lines = new(EventFormat.Event, null); // as NDJSON readers get them

    private readonly ArrayBufferWriter<byte> _lines = new(2 * FlushBytes);
    private readonly EncodingContext _context = new(Encoding.UTF8.GetBytes(epoch), null);
    private bool _isClosed; // nobody reads any more, as behind "| head"

    /// <summary>Adds a line; false when nobody reads any more.</summary>
    public bool TryWrite(Event @event)
    {
        Lines.WriteEvent(_lines, @event, _context);
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
    public void Dispose() => output.Dispose();

    // EPIPE on Linux and macOS, ERROR_NO_DATA and ERROR_BROKEN_PIPE on Windows.
    private static bool IsBrokenPipe(IOException failure) =>
        failure.HResult is 32 or unchecked((int)0x800700E8) or unchecked((int)0x8007006D);
}
