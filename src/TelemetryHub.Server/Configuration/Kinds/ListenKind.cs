using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TelemetryHub.Server.Configuration.Kinds;

/// <summary><c>127.0.0.1:1883;[::1]:1883</c>; empty = not listening.</summary>
public sealed class ListenKind : ValueKind
{
    private const string Expected = "is not address:port (several with ';' between, IPv6 in brackets, port 0 = any free one)";

    /// <inheritdoc/>
    public override string Name => "addresses";

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = (null, null);
        var endpoints = new List<IPEndPoint>();
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryParseOne(part, out var endpoint))
            {
                problem = Expected;
                return false;
            }

            if (endpoint.Port != 0 && endpoints.Contains(endpoint))
            {
                problem = $"names {endpoint} twice";
                return false;
            }

            endpoints.Add(endpoint);
        }

        value = ListenList.Create([.. endpoints]);
        return true;
    }

    private static bool TryParseOne(string text, [NotNullWhen(true)] out IPEndPoint? endpoint)
    {
        endpoint = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;

        if (!TryParseAddress(text[..colon], out var address))
            return false;

        endpoint = new IPEndPoint(address, port);
        return true;
    }

    private static bool TryParseAddress(string host, [NotNullWhen(true)] out IPAddress? address)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            address = IPAddress.Loopback;
            return true;
        }

        var bracketed = host is ['[', .., ']'];
        if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out address))
            return false;

        // '::1:1883' could be read two ways, and IPAddress takes '1883' for the address 0.0.7.91.
        return bracketed
            ? address.AddressFamily == AddressFamily.InterNetworkV6
            : address.AddressFamily == AddressFamily.InterNetwork && host.Count('.') == 3;
    }
}
