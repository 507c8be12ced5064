using System.Net;

namespace TelemetryHub.Server.Feeds;

/// <summary>
/// The names that a hub on a loopback address goes by. A web page can have its own name mean that address once it is loaded (DNS rebinding). For its browser it is then a page
/// of the hub, and nothing but the name in <c>Host</c> tells. On other addresses a hub that lets everybody in is open to whoever reaches it, with a browser or without.
/// </summary>
internal sealed class HostNames(FeedsOptions options)
{
    private const string Loopback = "localhost";

    private readonly bool _isAny = options.AllowedOrigins.Contains(FeedsOptions.AnyOrigin);

    // Of the pages that may read: a proxy on this machine, which serves them, passes their name on.
    private readonly HashSet<string> _names = new(
        options.AllowedOrigins.Select(origin => Uri.TryCreate(origin, UriKind.Absolute, out var uri) ? uri.Host : origin), StringComparer.OrdinalIgnoreCase);

    /// <summary>False when the request is for another name than the hub's.</summary>
    public bool AreMeantBy(HttpContext context)
    {
        if (_isAny || context.Connection.LocalIpAddress is not { } local || !IPAddress.IsLoopback(local))
            return true;
        var name = context.Request.Host.Host;
        // An address is not looked up, and localhost no more: browsers know what it is (RFC 6761 §6.3). Without any name it is no browser.
        return name.Length == 0 || IsLoopback(name) || IPAddress.TryParse(name, out _) || _names.Contains(name);
    }

    private static bool IsLoopback(string name) =>
        name.Equals(Loopback, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + Loopback, StringComparison.OrdinalIgnoreCase);
}
