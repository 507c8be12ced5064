namespace TelemetryHub.Server.Tools;

/// <summary>A tool cannot make sense of what it was told. The message is for the user and completes "TelemetryHub journal dump: …".</summary>
internal sealed class UsageException(string message) : Exception(message);
