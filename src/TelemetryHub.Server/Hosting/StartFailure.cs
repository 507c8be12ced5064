using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Hosting;

/// <summary>Tells what the user can mend (one line) from what is a bug (goes on as it is, with its stack trace).</summary>
internal static class StartFailure
{
    /// <summary>The line, or null for a bug.</summary>
    public static string? Describe(Exception error) => error switch
    {
        ConfigurationException => $"cannot start: {error.Message}",
        ListenException => error.Message,
        // InvalidDataException: files that a later version wrote, or that are not what they must be.
        IOException or UnauthorizedAccessException or InvalidDataException => $"cannot start: {error.Message}",
        _ => null,
    };
}
