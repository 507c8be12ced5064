namespace TelemetryHub.Broker.Connections;

/// <summary>The topics that are the hub's own.</summary>
public static class ReservedTopics
{
    /// <summary>
    /// May clients not publish there? All of <c>$SYS</c>, except where the bridges of Mosquitto say whether they are connected:
    /// <c>$SYS/broker/connection/&lt;name&gt;/state</c>, which is what they do by default and whoever watches bridges looks for.
    /// </summary>
    public static bool Contains(ReadOnlySpan<byte> topic) =>
        topic.StartsWith("$SYS/"u8) && !(topic.StartsWith("$SYS/broker/connection/"u8) && topic.EndsWith("/state"u8));
}
