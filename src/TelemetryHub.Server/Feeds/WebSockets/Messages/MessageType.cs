namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>What a client says.</summary>
internal enum MessageType : byte
{
    Subscribe,
    Unsubscribe,
    Publish,
    Auth,
    Ping,
}
