using System.Text.Unicode;

namespace TelemetryHub.Core.Feeds.Json;

/// <summary>
/// Says whether bytes are JSON (RFC 8259), without exceptions: who publishes decides what is scanned here, and an exception per bad payload would be an attack. Allocates nothing.
/// </summary>
internal static class JsonScan
{
    /// <summary>
    /// How deep objects and arrays may lie in each other. Most parsers of readers take 64; an envelope, and a long-poll's answer around it, need some of that.
    /// </summary>
    public const int MaxDepth = 60;

    /// <summary>Are these bytes exactly one JSON value in valid UTF-8, with white space around it at most? Deeper than <see cref="MaxDepth"/> is not.</summary>
    public static bool IsValue(ReadOnlySpan<byte> utf8)
    {
        var cursor = new JsonCursor(utf8);
        cursor.Skip();
        return cursor.IsAtEnd && Utf8.IsValid(utf8);
    }
}
