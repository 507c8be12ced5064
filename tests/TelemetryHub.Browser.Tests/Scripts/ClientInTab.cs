using TelemetryHub.Browser.Tests.Browsers;

namespace TelemetryHub.Browser.Tests.Scripts;

/// <summary>The hub's JavaScript client in a tab.</summary>
internal static class ClientInTab
{
    /// <summary>Follows a topic, and waits until it does. What comes is written down as that of <c>c</c>.</summary>
    public static async Task FollowAsync(this Tab tab, string topic, string options)
    {
        await tab.RunAsync(
            $$"""
            const { connect } = await import("/client/telemetryhub.js");
            tab.client = connect("/events", {{options}});
            tab.client.on("state", (change) => tab.note("c", "state", { data: change }));
            tab.client.subscribe("{{topic}}", {
              onEvent: (event) => tab.note("c", "message", { id: event.id, data: event }),
              onGap: (gap) => tab.note("c", "gap", { data: gap }),
              onReset: (reset) => tab.note("c", "reset", { data: reset }),
              onClose: (error) => tab.note("c", "close", { data: String(error) }),
            });
            """);
        await tab.UntilAsync("tab.client.state === 'live'");
    }
}
