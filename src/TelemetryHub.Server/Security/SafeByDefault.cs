using System.Net;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Security;

/// <summary>Nobody opens an unprotected hub to a network by accident: other addresses than loopback have to be asked for twice.</summary>
internal static class SafeByDefault
{
    /// <summary>Every listen key that other machines could reach.</summary>
    public static IEnumerable<ConfigurationProblem> Check(HubConfiguration configuration)
    {
        if (configuration.Find<HubOptions>() is { AllowAnonymousRemote: true })
            yield break;

        foreach (var value in configuration.Values)
        {
            if (value.Value is not ListenList addresses)
                continue;

            foreach (var address in addresses.Where(address => !IPAddress.IsLoopback(address.Address)))
            {
                yield return new(
                    value.Key.Name,
                    value.Source,
                    $"{address} can be reached from other machines, and this version lets everybody in without a password. "
                    + "Listen on 127.0.0.1 or [::1], or set Hub:AllowAnonymousRemote=true if that is what you want.");
            }
        }
    }
}
