using TelemetryHub.Core.Access;

namespace TelemetryHub.Server.Feeds;

/// <summary>Who reads or publishes over HTTP: the one place where that is decided.</summary>
internal static class ReaderIdentity
{
    private static readonly Principal Anonymous = new("", null);

    /// <summary>Whom the rules are asked about for this request. Equal for equal credentials: readers of one principal share their feeds.</summary>
    public static Principal Of(HttpContext context)
    {
        // Nothing that a request shows is looked at: this version knows no credentials over HTTP.
        ArgumentNullException.ThrowIfNull(context);
        return Anonymous;
    }
}
