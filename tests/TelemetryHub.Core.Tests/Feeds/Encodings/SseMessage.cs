namespace TelemetryHub.Core.Tests.Feeds.Encodings;

/// <summary>What an EventSource shows to its page.</summary>
internal sealed record SseMessage(string Type, string Data, string LastEventId);
