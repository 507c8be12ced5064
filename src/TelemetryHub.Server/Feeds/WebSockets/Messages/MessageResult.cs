namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>A message that was read, or why it is none.</summary>
/// <param name="Message">Null when there is a problem.</param>
/// <param name="Ref">The ref, as far as it could be read.</param>
/// <param name="Problem">Null when there is a message.</param>
internal readonly record struct MessageResult(ClientMessage? Message, byte[] Ref, MessageProblem? Problem);
