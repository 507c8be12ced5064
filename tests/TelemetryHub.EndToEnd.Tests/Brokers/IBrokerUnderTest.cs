namespace TelemetryHub.EndToEnd.Tests.Brokers;

/// <summary>
/// A broker in a process of its own. There are two: the hub, and Mosquitto, which shows that a test is right about MQTT
/// and not only about the hub.
/// </summary>
public interface IBrokerUnderTest : IAsyncDisposable
{
    /// <summary>Whether it is the hub, which is held to more than the specification demands.</summary>
    bool IsHub { get; }

    Listener Mqtt { get; }

    Listener Tls { get; }

    /// <summary>The address of MQTT over WebSocket: <c>ws://…/mqtt</c>.</summary>
    Uri WebSocket { get; }
}
