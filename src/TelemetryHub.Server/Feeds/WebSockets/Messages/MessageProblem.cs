namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>What is wrong with a message.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Message">For people; names the field.</param>
internal sealed record MessageProblem(ErrorCode Code, string Message);
