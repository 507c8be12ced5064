using System.Text;
using TelemetryHub.Server.Feeds.WebSockets;
using TelemetryHub.Server.Feeds.WebSockets.Frames;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets.Frames;

/// <summary>Feeds a reader as a link does: keeps what was not used, and gives it again with more behind it.</summary>
internal sealed class FrameReading(int maxMessageBytes = 1 << 20)
{
    private readonly List<byte> _unread = [];

    public FrameReader Reader { get; } = new(maxMessageBytes);

    /// <summary>What was found: "Text hello", "Ping 0102", "Close 1000 bye", "Fault 1002".</summary>
    public List<string> Found { get; } = [];

    public List<byte[]> Messages { get; } = [];

    public FrameReading Take(params ReadOnlySpan<byte> bytes)
    {
        _unread.AddRange(bytes);
        while (_unread.Count >= Reader.NeededBytes)
        {
            var received = Reader.Read(_unread.ToArray(), out var used);
            _unread.RemoveRange(0, used);
            if (received == Received.Nothing) break;
            Note(received);
        }

        return this;
    }

    private void Note(Received received)
    {
        if (received is Received.Text or Received.Binary) Messages.Add(Reader.Payload.ToArray());
        if (received == Received.Part) return;
        Found.Add(received switch
        {
            Received.Text => $"Text {Encoding.UTF8.GetString(Reader.Payload)}".TrimEnd(),
            Received.Close => $"Close {(int)Reader.CloseCode} {Encoding.UTF8.GetString(Reader.Payload)}".TrimEnd(),
            Received.Fault => $"Fault {(int)Reader.CloseCode}",
            _ => $"{received} {Convert.ToHexString(Reader.Payload)}".TrimEnd(),
        });
    }
}
