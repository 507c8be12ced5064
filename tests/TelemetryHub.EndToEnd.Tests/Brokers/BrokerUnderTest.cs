namespace TelemetryHub.EndToEnd.Tests.Brokers;

/// <summary>Chooses the broker: the hub, unless the environment says <c>HUB_E2E_BROKER=mosquitto</c>.</summary>
public static class BrokerUnderTest
{
    /// <summary>Starts the broker on free ports. <paramref name="hubSettings"/> (<c>Key=value</c>) are for the hub alone.</summary>
    public static async Task<IBrokerUnderTest> StartAsync(params string[] hubSettings) =>
        Environment.GetEnvironmentVariable("HUB_E2E_BROKER") switch
        {
            null or "" or "hub" => await HubProcess.StartAsync(hubSettings),
            "mosquitto" => await MosquittoProcess.StartAsync(),
            var other => throw new InvalidOperationException($"HUB_E2E_BROKER is '{other}'; it may be 'hub' or 'mosquitto'."),
        };
}
