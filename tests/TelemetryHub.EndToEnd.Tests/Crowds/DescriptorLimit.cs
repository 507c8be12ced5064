using System.Globalization;
using System.Text.RegularExpressions;

namespace TelemetryHub.EndToEnd.Tests.Crowds;

/// <summary>How many sockets this process may hold, and each hub that it starts.</summary>
internal static partial class DescriptorLimit
{
    // What a process has open without any client: files, pipes, epolls.
    private const int Other = 1000;

    /// <summary>Fails, with what to do about it, where so many sockets are not allowed.</summary>
    public static void Allow(int sockets)
    {
        // .NET raises the soft limit to the hard one when it starts.
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        if (!int.TryParse(Number().Match(line).Value, CultureInfo.InvariantCulture, out var limit)) return; // unlimited
        limit.ShouldBeGreaterThanOrEqualTo(sockets + Other, $"ulimit -n is too low for {sockets} connections: raise the hard limit");
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
